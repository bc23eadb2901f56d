package org.bpfz.oracle.scenario;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Field;
import org.bpfz.oracle.syntax.Value.Int;
import org.bpfz.oracle.syntax.Value.Invocation;
import org.bpfz.oracle.syntax.Value.Text;

/**
 * Keys and values of maps as scenarios write them: a number fills the whole key in little-endian order; {@code u32(1, 2)} is an
 * array or structure of fields of one width; a string is bytes.
 */
final class MapBytes {
    private MapBytes() {
    }

    /** The bytes that the value stands for, which are as many as {@code size}. */
    static byte[] encode(Value value, int size) throws NotationException {
        byte[] bytes = switch (value) {
            case Int(long number, int at) -> number(number, size, at);
            case Text text -> text.bytes();
            case Invocation call -> fields(call);
            default -> throw new NotationException(value.at(), "a number, a string, or u8(...) to u64(...) expected");
        };
        if (bytes.length != size) {
            throw new NotationException(value.at(), size + " bytes expected, not " + bytes.length);
        }
        return bytes;
    }

    private static byte[] fields(Invocation call) throws NotationException {
        int width = switch (call.function()) {
            case "u8" -> 1;
            case "u16" -> 2;
            case "u32" -> 4;
            case "u64" -> 8;
            default -> throw new NotationException(call.at(), "u8(...), u16(...), u32(...) or u64(...) expected");
        };
        ByteBuffer bytes = ByteBuffer.allocate(width * call.arguments().size());
        for (Field argument : call.arguments()) {
            if (!(argument.value() instanceof Int(long number, int at))) {
                throw new NotationException(argument.value().at(), "a number expected");
            }
            bytes.put(number(number, width, at));
        }
        return bytes.array();
    }

    private static byte[] number(long number, int size, int at) throws NotationException {
        int bits = Math.min(size, Long.BYTES) * Byte.SIZE;
        boolean fits = bits == Long.SIZE || (number >= -(1L << (bits - 1)) && number < 1L << bits);
        if (!fits) {
            throw new NotationException(at, number + " does not fit " + size + " bytes");
        }
        byte[] wide = ByteBuffer.allocate(Math.max(size, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).putLong(number)
                .array();
        return Arrays.copyOf(wide, size);
    }

    /** Bytes for a person: a number where they are as wide as one, else {@code u8(...)}. */
    static String print(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (bytes.length) {
            case 1 -> String.valueOf(bytes[0] & 0xff);
            case 4 -> Integer.toUnsignedString(buffer.getInt());
            case 8 -> Long.toUnsignedString(buffer.getLong());
            default -> {
                StringBuilder text = new StringBuilder("u8(");
                for (int i = 0; i < bytes.length; i++) {
                    text.append(i == 0 ? "" : ", ").append(String.format(Locale.ROOT, "0x%02x", bytes[i] & 0xff));
                }
                yield text.append(')').toString();
            }
        };
    }
}
