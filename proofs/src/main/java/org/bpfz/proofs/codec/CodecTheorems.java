package org.bpfz.proofs.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.JavaLifter.Explored;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.spec.isa.Decoder;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Encoding;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.OpcodeTable;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.jspecify.annotations.Nullable;

/**
 * Decoder and encoder against the {@link OpcodeTable}, whose rows stand here as formulas over the fields: the 256 opcodes one by one, the
 * register fields, the offset, the immediate and the slot behind as variables.
 */
public final class CodecTheorems {
    private static final List<String> TRUSTS = List
            .of("the rows of OpcodeTable (compared with LLVM, IANA's registry and the running kernel by tests)");
    private static final int OPCODES = 256;
    private static final int LDDW = 0x18;

    private CodecTheorems() {
    }

    /** All of them: one for each instruction class (the opcode's low three bits), so that they can be tried side by side. */
    public static List<Theorem> all() {
        String[] classes = {"ld", "ldx", "st", "stx", "alu", "jmp", "jmp32", "alu64"};
        List<Theorem> theorems = new ArrayList<>();
        for (int i = 0; i < classes.length; i++) {
            int wanted = i;
            List<Integer> opcodes = java.util.stream.IntStream.range(0, OPCODES).filter(op -> (op & 7) == wanted)
                    .boxed().toList();
            theorems.add(theorem("decode_" + classes[i],
                    "a slot of class " + classes[i]
                            + " is decoded if a row of the table allows its fields, and what it "
                            + "is decoded to is encoded as that slot, but for fields that nothing looks at; else it is refused",
                    List.of(new Code(Encoding.class, "matches"), new Code(Decoder.class, "rowOf"),
                            new Code(Decoder.class, "reach"), new Code(Decoder.class, "reachJump"),
                            new Code(Decoder.class, "scan")),
                    lifter -> decode(lifter, opcodes)));
            theorems.add(theorem("encode_" + classes[i],
                    "an instruction of class " + classes[i] + ", whatever its operands, is encoded as slots that are "
                            + "decoded to it",
                    List.of(new Code(Encoder.class, "encode"), new Code(Encoding.Field.class, "fill")),
                    lifter -> encode(lifter, opcodes)));
        }
        return theorems;
    }

    private static Theorem theorem(String name, String statement, List<Code> code, Theorem.Symbolic claim) {
        return new Theorem("codec/" + name, Group.CODEC, statement, code, TRUSTS, "", claim);
    }

    /** A free slot with this opcode, or any. */
    private static Map<String, Value> slot(Terms t, String name, Term opcode) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("opcode", new Value.Word(opcode));
        fields.put("dst", new Value.Word(t.zeroExtend(t.variable(name + ".dst", 4), 32)));
        fields.put("src", new Value.Word(t.zeroExtend(t.variable(name + ".src", 4), 32)));
        fields.put("offset", new Value.Word(t.signExtend(t.variable(name + ".offset", 16), 32)));
        fields.put("imm", new Value.Word(t.variable(name + ".imm", 32)));
        return fields;
    }

    private static Obligation decode(JavaLifter lifter, List<Integer> opcodes) {
        Terms t = lifter.terms();
        Map<String, Term> goals = new LinkedHashMap<>();
        for (int opcode : opcodes) {
            Map<String, Value> first = slot(t, "slot", t.bv(32, opcode));
            Map<String, Value> second = slot(t, "next", t.zeroExtend(t.variable("next.opcode", 8), 32));
            for (boolean hasNext : opcode == LDDW ? new boolean[]{true, false} : new boolean[]{true}) {
                Term legal = legal(lifter, opcode, first, hasNext ? second : null);
                Term all = t.bool(true);
                for (Explored<Term> way : lifter.explore(() -> decodeOnce(lifter, first, hasNext ? second : null,
                        legal))) {
                    all = t.and(all, t.implies(way.condition(), way.result()));
                }
                goals.put(String.format(Locale.ROOT, "opcode %02x%s", opcode, hasNext ? "" : " at the end"), all);
            }
        }
        return new Obligation(List.of(), goals);
    }

    /** On one path: what comes of decoding is what the table says, and encoded again is the slot. */
    private static Term decodeOnce(JavaLifter lifter, Map<String, Value> first, @Nullable Map<String, Value> second,
            Term legal) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value slot = lifter.made(RawInstruction.class, first, heap);
        Value next = second == null ? new Value.Null() : lifter.made(RawInstruction.class, second, heap);
        Lifted decoded = lifter.lift(Decoder.class, "decode", heap, slot, next);
        if (decoded.throwsWhen().isTrue()) {
            return t.bool(false);
        }
        if (!(decoded.result() instanceof Value.Cell result)) {
            throw new LiftException("decode yields " + decoded.result());
        }
        if (result.type() == Decoder.Malformed.class) {
            return t.not(legal);
        }
        Value instruction = lifter.part(result, "instruction", decoded.heap());
        Lifted encoded = lifter.liftStatic(Encoder.class, "encode", "(Lorg/bpfz/spec/isa/Instruction;)Ljava/util/List;",
                decoded.heap(), instruction);
        if (encoded.throwsWhen().isTrue()) {
            return t.bool(false);
        }
        Value again = lifter.part(encoded.result(), "0", encoded.heap());
        Term same = t.bool(true);
        for (String field : first.keySet()) {
            Term equal = t.eq(lifter.component(again, field, encoded.heap()), lifter.number(first.get(field)));
            same = t.and(same, t.or(equal, t.bool(isIgnored(lifter.number(first.get("opcode")).value(), field))));
        }
        if (second != null && lifter.has(encoded.result(), "1", encoded.heap())) {
            Term ignored = t.eq(lifter.number(first.get("src")), t.bv(32, Instruction.ImmKind.FUNC.ordinal()));
            Value behind = lifter.part(encoded.result(), "1", encoded.heap());
            for (String field : List.of("opcode", "dst", "src", "offset", "imm")) {
                Term equal = t.eq(lifter.number(lifter.part(behind, field, encoded.heap())),
                        lifter.number(second.get(field)));
                same = t.and(same, field.equals("imm") ? t.or(ignored, equal) : equal);
            }
        }
        return t.and(legal, same);
    }

    /** What the table says: some row allows every field, registers are registers, and what is special is as the standard says. */
    private static Term legal(JavaLifter lifter, int opcode, Map<String, Value> first,
            @Nullable Map<String, Value> second) {
        Terms t = lifter.terms();
        Term any = t.bool(false);
        for (Encoding row : OpcodeTable.rows(opcode)) {
            Term fits = t.bool(true);
            for (Map.Entry<String, Encoding.Field> field : Map.of("dst", row.dst(), "src", row.src(), "offset",
                    row.offset(), "imm", row.imm()).entrySet()) {
                fits = t.and(fits, allows(t, field.getValue(), lifter.number(first.get(field.getKey()))));
            }
            for (String register : List.of("dst", "src")) {
                fits = t.and(fits, t.ult(lifter.number(first.get(register)), t.bv(32, Reg.COUNT)));
            }
            if (row.prototype() instanceof Instruction.MayGoto) {
                fits = t.and(fits, t.not(t.eq(lifter.number(first.get("offset")), t.bv(32, 0))));
            }
            if (row.prototype().slots() == 2) {
                fits = second == null ? t.bool(false) : t.and(fits, isSecondHalf(lifter, row, second));
            }
            any = t.or(any, fits);
        }
        return any;
    }

    /** Whether neither the kernel nor the decoder looks at the field: then encoding it again gives 0. */
    private static boolean isIgnored(long opcode, String field) {
        for (Encoding row : OpcodeTable.rows((int) opcode)) {
            Encoding.Field rule = switch (field) {
                case "dst" -> row.dst();
                case "src" -> row.src();
                case "offset" -> row.offset();
                case "imm" -> row.imm();
                default -> Encoding.Field.ZERO;
            };
            if (rule.use() != Encoding.Use.IGNORED) {
                return false;
            }
        }
        return true;
    }

    private static Term isSecondHalf(JavaLifter lifter, Encoding row, Map<String, Value> second) {
        Terms t = lifter.terms();
        Term fits = allows(t, row.nextImm(), lifter.number(second.get("imm")));
        for (String field : List.of("opcode", "dst", "src", "offset")) {
            fits = t.and(fits, t.eq(lifter.number(second.get(field)), t.bv(32, 0)));
        }
        return fits;
    }

    private static Term allows(Terms t, Encoding.Field field, Term value) {
        return field.use() == Encoding.Use.FIXED ? t.eq(value, t.bv(32, field.value())) : t.bool(true);
    }

    private static Obligation encode(JavaLifter lifter, List<Integer> opcodes) {
        Terms t = lifter.terms();
        List<Term> hypotheses = List.of(t.ult(t.variable("dst", 32), t.bv(32, Reg.COUNT)),
                t.ult(t.variable("src", 32), t.bv(32, Reg.COUNT)));
        Map<String, Term> goals = new LinkedHashMap<>();
        for (int opcode : opcodes) {
            int number = 0;
            for (Encoding row : OpcodeTable.rows(opcode)) {
                Term all = t.bool(true);
                for (Explored<Term> way : lifter.explore(() -> encodeOnce(lifter, row))) {
                    all = t.and(all, t.implies(way.condition(), way.result()));
                }
                goals.put(String.format(Locale.ROOT, "opcode %02x, row %d", opcode, number++), all);
            }
        }
        return new Obligation(hypotheses, goals);
    }

    private static Term encodeOnce(JavaLifter lifter, Encoding row) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value dst = lifter.free(Reg.class, "dst", heap);
        Value src = lifter.free(Reg.class, "src", heap);
        Value offset = new Value.Word(t.signExtend(t.variable("offset", 16), 32));
        Lifted made = lifter.lift(Encoding.class, "instruction", heap, lifter.constant(row), dst, src, offset,
                lifter.free(int.class, "imm", heap), lifter.free(int.class, "nextImm", heap));
        if (made.throwsWhen().isTrue()) {
            // Only may_goto refuses an operand, an offset of 0.
            return t.and(t.bool(row.prototype() instanceof Instruction.MayGoto),
                    t.eq(lifter.number(offset), t.bv(32, 0)));
        }
        Lifted encoded = lifter.liftStatic(Encoder.class, "encode", "(Lorg/bpfz/spec/isa/Instruction;)Ljava/util/List;",
                made.heap(), made.result());
        if (encoded.throwsWhen().isTrue()) {
            return t.bool(false);
        }
        Value first = lifter.part(encoded.result(), "0", encoded.heap());
        Value next = lifter.has(encoded.result(), "1", encoded.heap())
                ? lifter.part(encoded.result(), "1", encoded.heap())
                : new Value.Null();
        Lifted decoded = lifter.lift(Decoder.class, "decode", encoded.heap(), first, next);
        if (decoded.throwsWhen().isTrue() || !(decoded.result() instanceof Value.Cell result)
                || result.type() != Decoder.Legal.class) {
            return t.bool(false);
        }
        return lifter.equal(lifter.part(result, "instruction", decoded.heap()), made.result(), decoded.heap());
    }
}
