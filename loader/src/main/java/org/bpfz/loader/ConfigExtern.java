package org.bpfz.loader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.jspecify.annotations.Nullable;

/**
 * A variable that stands for a line of the kernel's configuration, or for something that libbpf knows of the kernel
 * (bpf_object__process_kconfig_line and set_kcfg_value_* in tools/lib/bpf/libbpf.c).
 *
 * @param shape  what the variable can hold
 * @param size   bytes
 * @param signed whether it is a signed integer
 */
record ConfigExtern(String name, Shape shape, int size, boolean signed) {
    static final String LINE = "CONFIG_";

    /** enum kcfg_type. */
    enum Shape {
        BOOL, TRISTATE, CHAR, INT, TEXT
    }

    /** A variable of a type, null if no configuration fits it (find_kcfg_type). */
    static @Nullable ConfigExtern of(Btf btf, String name, int typeId) {
        BtfType type = btf.resolved(typeId);
        return switch (type) {
            case BtfType.Int integer when integer.encoding() == BtfType.IntEncoding.BOOL ->
                integer.size() == 1 ? new ConfigExtern(name, Shape.BOOL, 1, false) : null;
            case BtfType.Int integer when integer.size() <= 8 && Long.bitCount(integer.size()) == 1 -> new ConfigExtern(
                    name, integer.size() == 1 ? Shape.CHAR : Shape.INT, (int) integer.size(),
                    integer.encoding() == BtfType.IntEncoding.SIGNED);
            case BtfType.Enumeration enumeration when enumeration.name().equals("libbpf_tristate")
                    && enumeration.size() == 4 ->
                new ConfigExtern(name, Shape.TRISTATE, 4, false);
            case BtfType.Array array when array.count() > 0 && array.count() <= 1 << 16
                    && btf.resolved(array.element()) instanceof BtfType.Int element && element.size() == 1
                    && element.encoding() != BtfType.IntEncoding.BOOL ->
                new ConfigExtern(name, Shape.TEXT, (int) array.count(), false);
            default -> null;
        };
    }

    /** The variable's bytes on a kernel, empty if the kernel does not say; refused values say why. */
    Optional<byte[]> value(KernelTarget target) throws Refused {
        if (!name.startsWith(LINE)) {
            return Optional.of(number(switch (name) {
                case "LINUX_KERNEL_VERSION" -> target.version();
                case "LINUX_HAS_BPF_COOKIE", "LINUX_HAS_SYSCALL_WRAPPER" -> 1;
                default -> throw new Refused("is nothing that is known of a kernel");
            }));
        }
        KernelConfig config = target.config();
        String text = config == null ? null : config.value(name);
        return text == null ? Optional.empty() : Optional.of(encode(text));
    }

    /** Says why a value does not fit the variable. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private byte[] encode(String text) throws Refused {
        if (text.equals("y") || text.equals("m") || text.equals("n")) {
            return tristate(text.charAt(0));
        }
        if (text.startsWith("\"")) {
            return text(text);
        }
        try {
            return number(text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw new Refused("is '" + text + "' in the configuration, which is neither y, n, m, a number nor a text");
        }
    }

    private byte[] tristate(char value) throws Refused {
        return switch (shape) {
            case BOOL -> {
                if (value == 'm') {
                    throw new Refused("is m in the configuration, and a bool here");
                }
                yield bytes(value == 'y' ? 1 : 0);
            }
            case TRISTATE -> bytes(value == 'y' ? 1 : value == 'm' ? 2 : 0);
            case CHAR -> bytes(value);
            case INT, TEXT -> throw new Refused("is " + value + " in the configuration, and neither a bool, a char nor "
                    + "a tristate here");
        };
    }

    private byte[] text(String quoted) throws Refused {
        if (shape != Shape.TEXT) {
            throw new Refused("is a text in the configuration, and no array of char here");
        }
        if (quoted.length() < 2 || !quoted.endsWith("\"")) {
            throw new Refused("is a text without an end in the configuration");
        }
        byte[] characters = quoted.substring(1, quoted.length() - 1).getBytes(StandardCharsets.UTF_8);
        byte[] value = new byte[size];
        System.arraycopy(characters, 0, value, 0, Math.min(characters.length, size - 1));
        return value;
    }

    private byte[] number(long value) throws Refused {
        boolean fits = switch (shape) {
            case BOOL -> value == 0 || value == 1;
            case CHAR, INT -> size == 8 || (signed
                    ? value == value << (64 - 8 * size) >> (64 - 8 * size)
                    : value >>> (8 * size) == 0);
            case TRISTATE, TEXT -> throw new Refused("is a number, and no integer here");
        };
        if (!fits) {
            throw new Refused("is " + value + ", which " + size + " bytes do not hold");
        }
        return bytes(value);
    }

    private byte[] bytes(long value) {
        byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
        return java.util.Arrays.copyOf(all, size);
    }
}
