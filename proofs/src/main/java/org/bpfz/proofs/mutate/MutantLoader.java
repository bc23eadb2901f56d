package org.bpfz.proofs.mutate;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Defines the classes of bpfz anew, some of them from other class files, so that a mutant runs beside what it was made of. */
public final class MutantLoader extends ClassLoader {
    private static final String OURS = "org.bpfz.";

    private final Map<String, byte[]> replaced;

    /** A loader with these class files in the place of their classes' own, by class name. */
    public MutantLoader(Map<String, byte[]> replaced) {
        super(MutantLoader.class.getClassLoader());
        this.replaced = Map.copyOf(replaced);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known == null && name.startsWith(OURS)) {
                byte[] file = file(name);
                if (file != null) {
                    known = defineClass(name, file, 0, file.length);
                }
            }
            return known == null ? super.loadClass(name, resolve) : known;
        }
    }

    private byte @Nullable [] file(String name) throws ClassNotFoundException {
        byte[] replacement = replaced.get(name);
        if (replacement != null) {
            return replacement;
        }
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
