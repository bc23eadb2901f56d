package org.bpfz.oracle.calls;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Paths between bytes and the model's strings, which hold a byte that is not part of valid UTF-8 as a lone surrogate
 * ({@link org.bpfz.spec.kernel.Names}, PEP 383).
 */
public final class PathBytes {
    private static final char ESCAPE = '\udc00';

    private PathBytes() {
    }

    /** The model's string for a path, up to its first NUL. */
    public static String decode(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        CharBuffer out = CharBuffer.allocate(length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE + (in.get() & 0xff)));
            }
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }

    /** The bytes of the model's string. */
    public static byte[] encode(String path) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * path.length());
        for (int i = 0; i < path.length();) {
            int point = path.codePointAt(i);
            if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xff) {
                bytes.put((byte) (point - ESCAPE));
            } else {
                bytes.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
            i += Character.charCount(point);
        }
        byte[] encoded = new byte[bytes.position()];
        bytes.flip().get(encoded);
        return encoded;
    }
}
