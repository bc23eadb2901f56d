package org.bpfz.loader;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.spec.isa.RawInstruction;

/** The calls of bpf(2) in a recording of {@code strace -v -xx -X raw -e trace=bpf}, field by field. */
final class BpfTrace {
    static final int MAP_CREATE = 0;
    static final int PROG_LOAD = 5;
    static final int BTF_LOAD = 18;

    private static final Pattern CALL = Pattern.compile("bpf\\((0x[0-9a-f]+|0), (.*)\\) += (-?[0-9]+).*");
    private static final Pattern INSTRUCTION = Pattern
            .compile("\\{code=([^ ,]+)[^,]*, dst_reg=(\\S+), src_reg=(\\S+), off=(\\S+), imm=(\\S+)}");

    /**
     * One call.
     *
     * @param attributes as strace writes them
     * @param result     a descriptor, or -1
     */
    record Call(int command, String attributes, int result) {

        long number(String field) {
            Matcher matcher = Pattern.compile("[{ ]" + field + "=(0x[0-9a-f]+|-?[0-9]+)").matcher(attributes);
            return matcher.find() ? Long.decode(matcher.group(1)) : 0;
        }

        byte[] bytes(String field) {
            Matcher matcher = Pattern.compile("[{ ]" + field + "=\"([^\"]*)\"").matcher(attributes);
            return matcher.find() ? HexFormat.of().parseHex(matcher.group(1).replace("\\x", "")) : new byte[0];
        }

        String string(String field) {
            return new String(bytes(field), StandardCharsets.UTF_8);
        }

        List<RawInstruction> instructions() {
            List<RawInstruction> code = new ArrayList<>();
            Matcher matcher = INSTRUCTION.matcher(attributes);
            while (matcher.find()) {
                int opcode = 0;
                // Of opcodes that it does not know, strace says so behind them.
                for (String bits : matcher.group(1).split("\\|", -1)) {
                    opcode |= Integer.decode(bits);
                }
                code.add(new RawInstruction(opcode, Integer.decode(matcher.group(2)), Integer.decode(matcher.group(3)),
                        (short) (int) Integer.decode(matcher.group(4)), (int) (long) Long.decode(matcher.group(5))));
            }
            return code;
        }
    }

    private BpfTrace() {
    }

    /** The calls of the commands above, in order. */
    static List<Call> read(List<String> lines) {
        List<Call> calls = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = CALL.matcher(line);
            if (matcher.find()) {
                calls.add(new Call(Integer.decode(matcher.group(1)), matcher.group(2),
                        Integer.parseInt(matcher.group(3))));
            }
        }
        return calls;
    }
}
