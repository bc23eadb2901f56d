package org.bpfz.spec.machine;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.KernelSuiteContract;

/** The specification passes the kernel's test of its interpreter. */
class SpecificationKernelSuiteTest extends KernelSuiteContract {
    @Override
    protected Engine engine() {
        return new SpecificationEngine();
    }

    @Override
    protected boolean seesRegions() {
        return true;
    }
}
