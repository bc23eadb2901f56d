package org.bpfz.oracle.model;

import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.program.ProgramImage;

/**
 * A program that an engine holds ready.
 *
 * @param id         the number that the modelled kernel knows it by
 * @param object     the object file's name, for complaints
 * @param image      as the loader made it: the kernel keeps neither the section nor more than 15 characters of the name
 * @param executable runs it
 */
public record LoadedProgram(int id, String object, ProgramImage image, Executable executable) {
    /** The function's name. */
    public String name() {
        return image.name();
    }
}
