package org.bpfz.proofs.report;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
