package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What came of a {@link Request}: one answer for each of its operations that answers, by the index that the operation was given. */
public final class Answers {
    /** How an answer is encoded: a result has no length, a string says its own. */
    record Kind(Form form, int length) {
        enum Form {
            RESULT, BYTES, STRING
        }

        static Kind ofResult() {
            return new Kind(Form.RESULT, Long.BYTES);
        }

        static Kind ofBytes(int length) {
            return new Kind(Form.BYTES, length);
        }

        static Kind ofString() {
            return new Kind(Form.STRING, 0);
        }
    }

    private final List<ByteBuffer> parts;

    private Answers(List<ByteBuffer> parts) {
        this.parts = parts;
    }

    /**
     * Takes a frame apart.
     *
     * @throws IOException where it is not what the request asks for
     */
    static Answers of(byte[] frame, List<Kind> kinds) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> parts = new ArrayList<>(kinds.size());
        for (Kind kind : kinds) {
            int length = kind.form == Kind.Form.STRING && in.remaining() >= Integer.BYTES ? in.getInt() : kind.length;
            if (length < 0 || length > in.remaining()) {
                throw new IOException("the agent's answer ends after " + frame.length + " bytes");
            }
            parts.add(in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN));
            in.position(in.position() + length);
        }
        if (in.hasRemaining()) {
            throw new IOException("the agent's answer has " + in.remaining() + " bytes too many");
        }
        return new Answers(parts);
    }

    /** A system call's result: a negative one is the negative of an error number. */
    public long result(int index) {
        return parts.get(index).getLong(0);
    }

    /** Bytes that were asked for. */
    public byte[] bytes(int index) {
        ByteBuffer part = parts.get(index).duplicate();
        byte[] content = new byte[part.remaining()];
        part.get(content);
        return content;
    }

    /** A string that was asked for; bytes that are not UTF-8 become replacement characters. */
    public String string(int index) {
        return new String(bytes(index), StandardCharsets.UTF_8);
    }
}
