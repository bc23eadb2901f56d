package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where what takes long to make or fetch is kept between runs: {@code bpfz} in the user's cache folder (XDG Base Directory). */
public final class CacheFolder {
    private CacheFolder() {
    }

    /** The folder of that name in it, which exists afterwards. */
    public static Path of(String name) throws IOException {
        String xdg = System.getenv("XDG_CACHE_HOME");
        String home = System.getProperty("user.home");
        Path base;
        if (xdg != null && !xdg.isEmpty()) {
            base = Path.of(xdg);
        } else if (home != null && Path.of(home).isAbsolute()) {
            base = Path.of(home, ".cache");
        } else {
            base = Path.of(System.getProperty("java.io.tmpdir"));
        }
        return Files.createDirectories(base.resolve("bpfz").resolve(name));
    }
}
