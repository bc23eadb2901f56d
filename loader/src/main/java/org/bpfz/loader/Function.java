package org.bpfz.loader;

/**
 * A function of an object: a range of slots of a code section.
 *
 * @param section index of the ELF section
 * @param start   slot in the section
 * @param length  slots
 * @param hidden  whether the verifier is to treat it as static although it is global
 */
record Function(String name, int section, int start, int length, boolean hidden) {
    int end() {
        return start + length;
    }

    boolean contains(int slot) {
        return slot >= start && slot < end();
    }
}
