package org.bpfz.spec.kernel.live;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A system call as the machine takes it: a number and up to six arguments, of which some point to memory.
 *
 * @param number the x86-64 system call number
 */
@SuppressWarnings("ArrayRecordComponent") // what is read is executed, never compared
record RawCall(int number, List<Arg> args) {
    /** One argument. */
    sealed interface Arg {
        /** A plain register value. */
        record Value(long value) implements Arg {}

        /** The address of bytes; the byte behind them faults. */
        record In(byte[] bytes) implements Arg {}

        /** The address of bytes whose content after the call is part of the answer; the byte behind them faults. */
        record InOut(byte[] bytes) implements Arg {}

        /** The address of an iovec array; what lies behind it faults. */
        record Vector(List<Entry> entries) implements Arg {}
    }

    /**
     * An entry of an iovec array.
     *
     * @param base   a plain address, or memory
     * @param length iov_len
     */
    record Entry(Arg base, long length) {}

    /** Room for an answer. */
    static Arg room(int length) {
        return new Arg.InOut(new byte[length]);
    }

    static RawCall of(int number, Arg... args) {
        return new RawCall(number, List.of(args));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(number);
        out.writeInt(args.size());
        for (Arg arg : args) {
            write(out, arg);
        }
    }

    private static void write(DataOutputStream out, Arg arg) throws IOException {
        switch (arg) {
            case Arg.Value(long value) -> {
                out.writeByte(0);
                out.writeLong(value);
            }
            case Arg.In(byte[] bytes) -> {
                out.writeByte(1);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            case Arg.InOut(byte[] bytes) -> {
                out.writeByte(2);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            case Arg.Vector(List<Entry> entries) -> {
                out.writeByte(3);
                out.writeInt(entries.size());
                for (Entry entry : entries) {
                    write(out, entry.base);
                    out.writeLong(entry.length);
                }
            }
        }
    }

    static RawCall read(DataInputStream in) throws IOException {
        int number = in.readInt();
        int count = in.readInt();
        List<Arg> args = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            args.add(readArg(in));
        }
        return new RawCall(number, args);
    }

    private static Arg readArg(DataInputStream in) throws IOException {
        return switch (in.readByte()) {
            case 0 -> new Arg.Value(in.readLong());
            case 1 -> new Arg.In(in.readNBytes(in.readInt()));
            case 2 -> new Arg.InOut(in.readNBytes(in.readInt()));
            default -> {
                int count = in.readInt();
                List<Entry> entries = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    Arg base = readArg(in);
                    entries.add(new Entry(base, in.readLong()));
                }
                yield new Arg.Vector(entries);
            }
        };
    }

    /** How many bytes the answer holds besides the result. */
    int answerLength() {
        int sum = 0;
        for (Arg arg : args) {
            if (arg instanceof Arg.InOut(byte[] bytes)) {
                sum += bytes.length;
            } else if (arg instanceof Arg.Vector(List<Entry> entries)) {
                for (Entry entry : entries) {
                    sum += entry.base instanceof Arg.InOut(byte[] bytes) ? bytes.length : 0;
                }
            }
        }
        return sum;
    }
}
