package org.bpfz.proofs.report;

import com.google.gson.FormattingStyle;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.bpfz.proofs.theorem.Prover.Killing;
import org.bpfz.proofs.theorem.Theorem;

/** The findings as one JSON document. */
public final class JsonReport {
    private JsonReport() {
    }

    /** Writes the document; the writer stays open. */
    public static void write(List<Finding> findings, Writer out) throws IOException {
        JsonWriter json = new JsonWriter(out);
        json.setFormattingStyle(FormattingStyle.PRETTY);
        json.setHtmlSafe(false);
        json.beginObject().name("theorems").beginArray();
        for (Finding finding : findings) {
            write(finding, json);
        }
        json.endArray().endObject();
        json.flush();
        out.write('\n');
        out.flush();
    }

    /**
     * Writes the findings into a document that is there already: the rows of these theorems are replaced, those of others stay, and go where their
     * theorem is no more.
     *
     * @param order all theorems there are, in the order of the rows
     * @throws IOException where the file can't be read or written, or is no such document
     */
    public static void update(Path file, List<Finding> findings, List<Theorem> order) throws IOException {
        Map<String, JsonElement> rows = new HashMap<>();
        try {
            for (JsonElement row : rows(Files.readString(file))) {
                rows.put(row.getAsJsonObject().get("name").getAsString(), row);
            }
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new IOException(file + " is no report of theorems", e);
        }
        StringWriter fresh = new StringWriter();
        write(findings, fresh);
        rows(fresh.toString()).forEach(row -> rows.put(row.getAsJsonObject().get("name").getAsString(), row));
        JsonArray all = new JsonArray();
        order.stream().map(theorem -> rows.get(theorem.name())).filter(Objects::nonNull).forEach(all::add);
        JsonObject document = new JsonObject();
        document.add("theorems", all);
        try (Writer out = Files.newBufferedWriter(file)) {
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(document, out);
            out.write('\n');
        }
    }

    private static JsonArray rows(String document) {
        return JsonParser.parseString(document).getAsJsonObject().getAsJsonArray("theorems");
    }

    private static void write(Finding finding, JsonWriter json) throws IOException {
        Theorem theorem = finding.theorem();
        json.beginObject().name("name").value(theorem.name()).name("group")
                .value(theorem.group().name().toLowerCase(Locale.ROOT)).name("statement").value(theorem.statement());
        json.name("code").beginArray();
        for (Theorem.Code code : theorem.code()) {
            json.value(code.owner().getName() + "." + code.method());
        }
        json.endArray().name("verdict").value(finding.word());
        if (!finding.reason().isEmpty()) {
            json.name("reason").value(finding.reason());
        }
        if (!theorem.bound().isEmpty()) {
            json.name("bound").value(theorem.bound());
        }
        json.name("seconds").value(Math.round(finding.seconds() * 1000) / 1000.0);
        json.name("solver").value(theorem.claim() instanceof Theorem.Exhaustive ? "execution" : finding.solver());
        Confirmation confirmation = finding.confirmation();
        if (confirmation != null) {
            json.name("confirmation").beginObject().name("solver").value(confirmation.solver()).name("verdict")
                    .value(confirmation.outcome().word());
            if (!confirmation.reason().isEmpty()) {
                json.name("reason").value(confirmation.reason());
            }
            json.name("seconds").value(Math.round(confirmation.seconds() * 1000) / 1000.0).endObject();
        }
        json.name("trusts").beginArray();
        for (String trusted : theorem.trusts()) {
            json.value(trusted);
        }
        json.endArray().name("mutants").beginArray();
        for (Killing killing : finding.mutants()) {
            json.beginObject().name("mutation").value(killing.mutant().description()).name("refuted")
                    .value(killing.killed()).name("goal").value(killing.goal()).name("counterexample").beginObject();
            for (Map.Entry<String, Long> number : new java.util.TreeMap<>(killing.counterexample()).entrySet()) {
                json.name(number.getKey()).value("0x" + Long.toHexString(number.getValue()));
            }
            json.endObject().name("shown").value(killing.shown()).endObject();
        }
        json.endArray().endObject();
    }
}
