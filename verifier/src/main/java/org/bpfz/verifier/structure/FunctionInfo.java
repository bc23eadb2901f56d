package org.bpfz.verifier.structure;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.LineInfo;
import org.bpfz.spec.btf.Linkage;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.log.VerifierLog;
import org.jspecify.annotations.Nullable;

/** What BPF_PROG_LOAD says of the functions and lines fits the program (check_btf_func, check_btf_line). */
public final class FunctionInfo {
    private static final String EXCEPTION_CALLBACK = "exception_callback:";

    private final @Nullable ProgramBtf program;
    private final VerifierLog log;

    public FunctionInfo(@Nullable ProgramBtf program, VerifierLog log) {
        this.program = program;
        this.log = log;
    }

    /** Before the functions are found: the records are in order and name functions. */
    public void checkEarly() {
        if (program == null) {
            return;
        }
        int previous = -1;
        for (FuncInfo info : program.functions()) {
            if (previous < 0 && info.slot() != 0) {
                throw open("nonzero insn_off " + info.slot() + " for the first func info record");
            }
            if (info.slot() <= previous) {
                throw open("same or smaller insn offset (" + info.slot() + ") than previous func info record ("
                        + previous + ")");
            }
            boolean function = program.btf().contains(info.typeId())
                    && program.btf().type(info.typeId()) instanceof BtfType.Func;
            if (!function) {
                throw open("invalid type id " + info.typeId() + " in func info");
            }
            previous = info.slot();
        }
    }

    private Rejection open(String reason) {
        log.print(reason);
        return new Rejection(Errno.EINVAL, 0);
    }

    /** The slot of the function that the main one names as its exception callback, or 0. */
    public int exceptionCallback() {
        if (program == null || program.functions().isEmpty()) {
            return 0;
        }
        Btf btf = program.btf();
        String name = null;
        for (BtfType.DeclTag tag : btf.tags(program.functions().getFirst().typeId(), -1)) {
            if (tag.name().startsWith(EXCEPTION_CALLBACK)) {
                if (name != null) {
                    throw log.reject(Errno.EEXIST, 0, "multiple exception callback tags for main subprog");
                }
                name = tag.name().substring(EXCEPTION_CALLBACK.length());
            }
        }
        return name == null ? 0 : exceptionCallback(btf, name, program.functions());
    }

    private int exceptionCallback(Btf btf, String name, List<FuncInfo> functions) {
        int id = btf.find(BtfType.Func.class, name).orElse(0);
        if (id == 0) {
            throw log.reject(Errno.ENOENT, 0, "exception callback '" + name + "' could not be found in BTF");
        }
        if (((BtfType.Func) btf.type(id)).linkage() != Linkage.GLOBAL) {
            throw log.reject(Errno.EINVAL, 0, "exception callback '" + name + "' must have global linkage");
        }
        for (FuncInfo info : functions) {
            if (info.typeId() == id) {
                if (info.slot() == 0) {
                    throw log.reject(Errno.EINVAL, 0, "invalid exception callback insn_off in func_info: 0");
                }
                return info.slot();
            }
        }
        throw log.reject(Errno.EINVAL, 0, "exception callback type id not found in func_info");
    }

    /** When the functions are known: there is a record for each, and what it says fits what the function does. */
    public void check(Code code, Subprograms subprograms) {
        if (program == null || program.functions().isEmpty()) {
            refuseUntypedReturns(subprograms);
        } else {
            describe(program.btf(), program.functions(), subprograms);
        }
        if (program != null) {
            checkLines(code, subprograms, program.lines());
        }
    }

    /** Legacy packet loads and tail calls return from a function, which must be one that returns an int. */
    private void refuseUntypedReturns(Subprograms subprograms) {
        for (int i = 1; i < subprograms.count(); i++) {
            if (subprograms.get(i).hasPacketLoads()) {
                throw log.reject(Errno.EINVAL, subprograms.get(i).start(),
                        "LD_ABS is not allowed in subprogs without BTF");
            }
            if (subprograms.get(i).hasTailCalls()) {
                throw log.reject(Errno.EINVAL, subprograms.get(i).start(),
                        "tail_call is not allowed in subprogs without BTF");
            }
        }
    }

    private void describe(Btf btf, List<FuncInfo> functions, Subprograms subprograms) {
        if (functions.size() != subprograms.count()) {
            throw log.reject(Errno.EINVAL, 0, "number of funcs in func_info doesn't match number of subprogs");
        }
        for (int i = 0; i < functions.size(); i++) {
            Subprogram subprogram = subprograms.get(i);
            FuncInfo info = functions.get(i);
            if (subprogram.start() != info.slot()) {
                throw log.reject(Errno.EINVAL, subprogram.start(),
                        "func_info BTF section doesn't match subprog layout in BPF program");
            }
            BtfType.Func function = (BtfType.Func) btf.type(info.typeId());
            subprogram.describe(function.name(), function.linkage() == Linkage.GLOBAL, info.typeId());
            boolean number = btf.type(function.proto()) instanceof BtfType.FuncProto proto
                    && isSmallNumber(btf.resolved(proto.returned()));
            if (i > 0 && !number && subprogram.hasPacketLoads()) {
                throw log.reject(Errno.EINVAL, subprogram.start(),
                        "LD_ABS is only allowed in functions that return 'int'.");
            }
            if (i > 0 && !number && subprogram.hasTailCalls()) {
                throw log.reject(Errno.EINVAL, subprogram.start(),
                        "tail_call is only allowed in functions that return 'int'.");
            }
        }
    }

    private static boolean isSmallNumber(BtfType type) {
        return (type instanceof BtfType.Int number && number.size() <= Long.BYTES)
                || type instanceof BtfType.Enumeration;
    }

    private void checkLines(Code code, Subprograms subprograms, List<LineInfo> lines) {
        if (lines.isEmpty()) {
            return;
        }
        int previous = 0;
        int next = 0;
        for (int i = 0; i < lines.size(); i++) {
            int slot = lines.get(i).slot();
            if ((i > 0 && slot <= previous) || slot >= code.length()) {
                throw log.reject(Errno.EINVAL, 0,
                        "Invalid line_info[" + i + "].insn_off:" + slot + " (prev_offset:" + previous
                                + " prog->len:" + code.length() + ")");
            }
            if (code.at(slot).opcode() == 0) {
                throw log.reject(Errno.EINVAL, slot, "Invalid insn code at line_info[" + i + "].insn_off");
            }
            if (next < subprograms.count()) {
                int start = subprograms.get(next).start();
                if (slot == start) {
                    next++;
                } else if (start < slot) {
                    throw log.reject(Errno.EINVAL, start, "missing bpf_line_info for func#" + next);
                }
            }
            previous = slot;
        }
        if (next < subprograms.count()) {
            throw log.reject(Errno.EINVAL, subprograms.get(next).start(), "missing bpf_line_info for "
                    + (subprograms.count() - next) + " funcs starting from func#" + next);
        }
    }
}
