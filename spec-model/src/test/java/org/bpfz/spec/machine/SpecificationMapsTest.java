package org.bpfz.spec.machine;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.MapContract;

/** The specification keeps its own contract on maps. */
class SpecificationMapsTest extends MapContract {
    @Override
    protected Engine engine() {
        return new SpecificationEngine();
    }

    @Override
    protected boolean seesRegions() {
        return true;
    }
}
