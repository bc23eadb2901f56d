package org.bpfz.jit;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.KernelSuiteContract;

/** The JIT keeps the engines' contract on what the kernel tests its own engines with. */
class JitKernelSuiteTest extends KernelSuiteContract {
    @Override
    protected Engine engine() {
        return new JitEngine();
    }
}
