package org.bpfz.loader;

import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * An entry program of an object, and what the name of its section says about it.
 *
 * @param name         the function's name
 * @param section      without the question mark that turns loading off
 * @param type         null if no rule knows the section's name: whoever loads the program has to say
 * @param attachType   expected_attach_type, null for 0
 * @param attachTarget what is behind the section name's slash, null if there is none
 * @param sleepable    whether it asks to be allowed to sleep
 * @param autoload     whether it is loaded unless one says otherwise: false for {@code SEC("?...")}
 */
public record BpfProgram(String name, String section, @Nullable ProgramType type, @Nullable AttachType attachType,
        @Nullable String attachTarget, boolean sleepable, boolean autoload) {

    /** The same program as one of another type, without an expected attach type. */
    public BpfProgram as(ProgramType newType) {
        return new BpfProgram(name, section, newType, newType == type ? attachType : null, attachTarget, sleepable,
                autoload);
    }
}
