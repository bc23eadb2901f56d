package org.bpfz.spec.btf;

import java.util.List;

/**
 * What BPF_PROG_LOAD is told about a program's types: the BTF and, by slot of the program, its functions and source lines.
 *
 * @param functions in the order of their slots; the first is the program itself
 * @param lines     in the order of their slots; empty if the object has none
 */
public record ProgramBtf(Btf btf, List<FuncInfo> functions, List<LineInfo> lines) {
    public ProgramBtf {
        functions = List.copyOf(functions);
        lines = List.copyOf(lines);
    }
}
