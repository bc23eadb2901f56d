package org.bpfz.oracle.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.bpfz.oracle.InputException;
import org.jspecify.annotations.Nullable;

/** Finds what comes with bpfz beside its classes: the folders at the root of the project that they were built in. */
final class Installation {
    private Installation() {
    }

    /**
     * A folder at the root of the project.
     *
     * @param option what names another one, for the complaint
     */
    static Path folder(String name, String option) {
        Path here = classes();
        while (here != null) {
            if (Files.isDirectory(here.resolve(name))) {
                return here.resolve(name);
            }
            here = here.getParent();
        }
        if (Files.isDirectory(Path.of(name))) {
            return Path.of(name);
        }
        throw new InputException("the folder " + name + " is not beside the command; " + option + " names it");
    }

    private static @Nullable Path classes() {
        CodeSource source = Installation.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? null : Path.of(source.getLocation().toURI()).toAbsolutePath();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
