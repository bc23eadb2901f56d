package org.bpfz.oracle.grade;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;

/** Grades as JSON. */
public final class JsonGrade {
    private JsonGrade() {
    }

    /** One grade is an object, several are an object with an array {@code submissions}. */
    public static void write(JsonWriter json, List<GradeReport> reports) throws IOException {
        if (reports.size() == 1) {
            write(json, reports.getFirst());
            return;
        }
        json.beginObject().name("submissions").beginArray();
        for (GradeReport report : reports) {
            write(json, report);
        }
        json.endArray().endObject();
    }

    private static void write(JsonWriter json, GradeReport report) throws IOException {
        json.beginObject().name("kernel").value(report.kernel()).name("unfit").value(report.unfit()).name("console")
                .value(report.console()).name("clauses").beginArray();
        for (ClauseRow row : report.rows()) {
            json.beginObject().name("clause").value(row.clause().id()).name("verdict").value(row.verdict().text())
                    .name("reading").value(row.reading()).name("points").value(row.points()).name("possible")
                    .value(row.possible());
            ClauseRow.Finding finding = row.finding();
            json.name("scenario").value(finding == null ? null : finding.original().name()).name("observed")
                    .value(finding == null ? null : finding.violation().observed()).name("allowed")
                    .value(finding == null ? null : String.join("\n", finding.violation().allowed()));
            if (finding != null) {
                json.name("others").value(row.others()).name("steps").value(finding.steps()).name("shortest")
                        .value(finding.text()).name("program").value(finding.program()).name("console")
                        .value(String.join("\n", finding.console()));
            }
            json.endObject();
        }
        json.endArray().name("troubles").beginArray();
        for (GradeReport.Accident accident : report.troubles()) {
            json.beginObject().name("scenario").value(accident.scenario()).name("kind")
                    .value(accident.trouble().kind()).name("text").value(accident.trouble().text()).name("console")
                    .value(String.join("\n", accident.trouble().console())).endObject();
        }
        json.endArray().name("undecided").beginArray();
        for (String line : report.undecided()) {
            json.value(line);
        }
        json.endArray().name("scenarios").value(report.scenarios()).name("events").value(report.events())
                .name("score").value(report.score()).name("possible").value(report.possible()).name("seconds")
                .value(report.seconds()).endObject();
    }
}
