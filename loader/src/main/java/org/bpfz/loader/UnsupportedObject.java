package org.bpfz.loader;

import org.bpfz.loader.elf.BadObject;

/** Says that an object is well-formed and asks for something that this loader, or libbpf, does not do. */
public final class UnsupportedObject extends BadObject {
    private static final long serialVersionUID = 1L;

    UnsupportedObject(String file, String message) {
        super(file, message);
    }
}
