package org.bpfz.spec.btf;

/**
 * The source line that an instruction and those behind it come from (struct bpf_line_info).
 *
 * @param slot   8-byte slots from the start of the section or program
 * @param file   name of the source file, as the compiler knew it
 * @param text   the line itself, empty if the compiler did not have it
 * @param line   number of the line, from 1
 * @param column from 1, 0 if unknown
 */
public record LineInfo(int slot, String file, String text, int line, int column) {
    /** The same, that many slots later. */
    public LineInfo moved(int slots) {
        return new LineInfo(slot + slots, file, text, line, column);
    }
}
