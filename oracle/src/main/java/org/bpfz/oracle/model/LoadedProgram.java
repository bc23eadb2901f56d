package org.bpfz.oracle.model;

import org.bpfz.spec.engine.Executable;

/**
 * A program that an engine holds ready.
 *
 * @param id         the number that the modelled kernel knows it by
 * @param object     the object file's name, for complaints
 * @param executable runs it
 */
public record LoadedProgram(int id, String object, Executable executable) {
    /** The function's name. */
    public String name() {
        return executable.image().name();
    }
}
