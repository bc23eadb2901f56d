package org.bpfz.spec.engine;

/**
 * A way to run programs: the specification's machine, an interpreter, a compiler. The choice of one is a name.
 */
public interface Engine {

    /** As the command line spells it: {@code spec}, {@code interpreter}, {@code jit}. */
    String name();

    /** Opens an empty environment, which keeps these services. */
    Environment open(Services services);
}
