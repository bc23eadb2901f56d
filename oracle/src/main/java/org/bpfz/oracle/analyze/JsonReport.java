package org.bpfz.oracle.analyze;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.analyze.Found.LeftOut;
import org.bpfz.oracle.analyze.Found.Why;

/** The report for a script: one JSON object, its files written as they come. */
public final class JsonReport implements AnalysisReport {
    private final JsonWriter writer;
    private final List<LeftOut> leftOut = new ArrayList<>();

    /** Writes members of an object that has just begun. */
    @FunctionalInterface
    interface Header {
        /** Writes names and values. */
        void write(JsonWriter writer) throws IOException;
    }

    /** A report on a writer, which stays open. */
    public JsonReport(JsonWriter writer) throws IOException {
        this(writer, _ -> {
        });
    }

    /** A report with more members in front. */
    JsonReport(JsonWriter writer, Header header) throws IOException {
        this.writer = writer;
        writer.beginObject();
        header.write(writer);
        writer.name("files").beginArray();
    }

    @Override
    public void file(FileResult file) throws IOException {
        writer.beginObject();
        writer.name("path").value(file.path().toString());
        writer.name("written").value(file.written());
        writer.name("after").value(file.after());
        writer.name("verified").value(file.verified());
        writer.name("length").value(file.length());
        if (file.problem() != null) {
            writer.name("problem").value(file.problem());
        }
        if (!file.blocks().isEmpty()) {
            writer.name("blocks").beginArray();
            for (FileResult.Block block : file.blocks()) {
                writer.beginObject();
                writer.name("offset").value(block.offset());
                writer.name("written").value(block.size());
                writer.name("after").value(block.after());
                writer.endObject();
            }
            writer.endArray();
        }
        writer.endObject();
    }

    @Override
    public void leftOut(LeftOut one) {
        if (one.why() != Why.LINK) {
            leftOut.add(one);
        }
    }

    @Override
    public void end(Totals totals) throws IOException {
        writer.endArray();
        writer.name("written").value(totals.written());
        writer.name("after").value(totals.after());
        writer.name("left_out").beginArray();
        for (LeftOut one : leftOut) {
            writer.beginObject();
            writer.name("path").value(one.path().toString());
            writer.name("reason").value(one.reason());
            writer.name("unreadable").value(one.why() == Why.UNREADABLE);
            writer.endObject();
        }
        writer.endArray();
        writer.name("counts").beginObject();
        writer.name("files").value(totals.files());
        writer.name("verified").value(totals.verified());
        writer.name("unreadable").value(totals.unreadable());
        writer.name("special").value(totals.special());
        writer.name("links").value(totals.links());
        writer.endObject();
        writer.endObject();
    }
}
