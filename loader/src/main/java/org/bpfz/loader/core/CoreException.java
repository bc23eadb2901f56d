package org.bpfz.loader.core;

/** Says why a relocation can not be carried out at all: the program that has it can not be loaded. */
public final class CoreException extends Exception {
    private static final long serialVersionUID = 1L;

    CoreException(String message) {
        super(message);
    }
}
