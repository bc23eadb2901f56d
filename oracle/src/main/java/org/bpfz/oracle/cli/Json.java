package org.bpfz.oracle.cli;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

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

    /** Closes the document with a line end and leaves standard output open. */
    static void end(JsonWriter writer, Terminal terminal) throws IOException {
        writer.flush();
        terminal.out().println();
        terminal.out().flush();
    }
}
