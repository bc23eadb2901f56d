package org.bpfz.oracle.analyze;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.bpfz.oracle.analyze.Found.LeftOut;

/**
 * The report as one page that needs nothing else: the same JSON that {@link JsonReport} writes, inside a page whose script draws it.
 */
public final class HtmlReport implements AnalysisReport {
    private static final String PLACE = "@DATA@";

    private final Writer page;
    private final JsonReport data;
    private final JsonWriter json;
    private final String tail;

    /**
     * A page on a writer, which stays open.
     *
     * @param object the object file, for the heading
     * @param block  bytes a write at most
     * @param engine which engine ran the programs
     */
    public HtmlReport(Writer page, String object, int block, String engine) throws IOException {
        this.page = page;
        String template = template();
        int place = template.indexOf(PLACE);
        page.write(template, 0, place);
        tail = template.substring(place + PLACE.length());
        json = new JsonWriter(page);
        // "</script>" in a file's name must not end the data.
        json.setHtmlSafe(true);
        data = new JsonReport(json, writer -> {
            writer.name("object").value(object);
            writer.name("block").value(block);
            writer.name("engine").value(engine);
        });
    }

    private static String template() throws IOException {
        try (InputStream in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.html"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void file(FileResult file) throws IOException {
        data.file(file);
    }

    @Override
    public void leftOut(LeftOut leftOut) {
        data.leftOut(leftOut);
    }

    @Override
    public void end(Totals totals) throws IOException {
        data.end(totals);
        json.flush();
        page.write(tail);
        page.flush();
    }
}
