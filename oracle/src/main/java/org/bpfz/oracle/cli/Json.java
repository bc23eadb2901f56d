package org.bpfz.oracle.cli;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The one JSON document that {@code --json} prints. */
final class Json {
    private Json() {
    }

    /** A writer of an indented document on standard output; {@link #end} must follow. */
    static JsonWriter to(Terminal terminal) {
        JsonWriter writer = new JsonWriter(
                new BufferedWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8)));
        writer.setFormattingStyle(FormattingStyle.PRETTY);
        writer.setHtmlSafe(false);
        return writer;
    }

    /** Bytes as bpftool writes them: an array of hexadecimal texts. */
    static void bytes(JsonWriter writer, String name, byte... bytes) throws IOException {
        writer.name(name).beginArray();
        for (byte each : bytes) {
            writer.value(hex(each));
        }
        writer.endArray();
    }

    /** A byte as bpftool writes it: 0x and two digits. */
    static String hex(byte value) {
        return String.format(Locale.ROOT, "0x%02x", value & 0xff);
    }

    /** Closes the document with a line end and leaves standard output open. */
    static void end(JsonWriter writer, Terminal terminal) throws IOException {
        writer.flush();
        terminal.out().println();
        terminal.out().flush();
    }
}
