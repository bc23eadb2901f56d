package org.bpfz.spec.btf;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The string section of a BTF, whose strings may overlap: strings by offset, each decoded once and all of them together bounded,
 * so that a million references into one long string exhaust nothing.
 */
final class BtfStrings {
    /** KSYM_NAME_LEN of 6.12: an identifier's bytes with the terminating zero. */
    private static final int MAX_IDENTIFIER = 512;
    private static final int ALWAYS_ALLOWED = 1 << 20;

    private final byte[] bytes;
    private final int start;
    private final int length;
    private final int firstOffset;
    private final @Nullable BtfStrings base;
    private final Map<Integer, String> decoded = new HashMap<>();
    private long decodedBytes;

    /**
     * The strings in {@code bytes[start, start + length)}, the last byte of which is zero.
     *
     * @param base the strings that come before these in a split BTF, null if there are none
     */
    BtfStrings(byte[] bytes, int start, int length, @Nullable BtfStrings base) {
        this.bytes = bytes;
        this.start = start;
        this.length = length;
        this.base = base;
        firstOffset = base == null ? 0 : base.end();
    }

    /** The offset behind the last string. */
    int end() {
        return firstOffset + length;
    }

    /** Whether an offset (unsigned) lies in the section or its base. */
    boolean contains(int offset) {
        return Integer.compareUnsigned(offset, end()) < 0;
    }

    /**
     * The string at an offset that {@link #contains} is true for: UTF-8 where it is that, else Latin-1.
     *
     * @throws MalformedBtf if the strings that were asked for overlap so much that they are far longer than the section
     */
    String at(int offset) {
        if (base != null && offset < firstOffset) {
            return base.at(offset);
        }
        String known = decoded.get(offset);
        if (known != null) {
            return known;
        }
        int from = start + offset - firstOffset;
        int end = endOf(from, Integer.MAX_VALUE);
        decodedBytes += end - from;
        if (decodedBytes > Math.max(ALWAYS_ALLOWED, 4L * length)) {
            throw new MalformedBtf(from, "the names overlap: together they are longer than four string sections");
        }
        String string = decode(bytes, from, end);
        decoded.put(offset, string);
        return string;
    }

    /** Whether the string is empty. */
    boolean isEmpty(int offset) {
        return (base != null && offset < firstOffset) ? base.isEmpty(offset) : bytes[start + offset - firstOffset] == 0;
    }

    /** Whether the string may name a type, a member or a function (kernel/bpf/btf.c, btf_name_valid_identifier). */
    boolean isIdentifier(int offset) {
        if (base != null && offset < firstOffset) {
            return base.isIdentifier(offset);
        }
        int from = start + offset - firstOffset;
        int end = endOf(from, MAX_IDENTIFIER);
        if (end == from || end - from == MAX_IDENTIFIER || isDigit(bytes[from])) {
            return false;
        }
        for (int i = from; i < end; i++) {
            int c = bytes[i] & 0xff;
            if (!isLetter(c) && !isDigit(bytes[i]) && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    /** Whether the string may name a section (kernel/bpf/btf.c, btf_name_valid_section): anything that can be printed. */
    boolean isSectionName(int offset) {
        if (base != null && offset < firstOffset) {
            return base.isSectionName(offset);
        }
        int from = start + offset - firstOffset;
        int end = endOf(from, MAX_IDENTIFIER);
        if (end == from || end - from == MAX_IDENTIFIER) {
            return false;
        }
        for (int i = from; i < end; i++) {
            int c = bytes[i] & 0xff;
            if (c < ' ' || (c > '~' && c < 0xa0)) {
                return false;
            }
        }
        return true;
    }

    /** The index of the terminating zero, or {@code from + limit} if that comes first. */
    private int endOf(int from, int limit) {
        int end = from;
        while (end - from < limit && bytes[end] != 0) {
            end++;
        }
        return end;
    }

    private static String decode(byte[] bytes, int from, int end) {
        try {
            CharBuffer utf8 = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, end - from));
            return utf8.toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
        }
    }

    /** Bytes that {@link #at} reads as the text: Latin-1, in which an identifier may be, where they are no UTF-8. */
    static byte[] encode(String text) {
        byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
        return decode(latin, 0, latin.length).equals(text) ? latin : text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** isalpha of the kernel's lib/ctype.c, which knows Latin-1. */
    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
    }
}
