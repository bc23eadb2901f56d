package org.bpfz.oracle.grade;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Grades as JUnit XML, for build servers: a suite for each kernel, a test for each clause. */
public final class JUnitGrade {
    private JUnitGrade() {
    }

    /** The document. */
    public static String of(List<GradeReport> reports) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            for (GradeReport report : reports) {
                suite(xml, report);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new UncheckedIOException(new IOException(e));
        }
        return text + "\n";
    }

    private static void suite(XMLStreamWriter xml, GradeReport report) throws XMLStreamException {
        boolean fit = report.unfit() == null;
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", report.kernel());
        xml.writeAttribute("tests", String.valueOf(fit ? report.rows().size() : 1));
        xml.writeAttribute("failures", String.valueOf(report.count(ClauseRow.Verdict.VIOLATED)));
        xml.writeAttribute("errors", fit ? "0" : "1");
        xml.writeAttribute("skipped", String.valueOf(report.count(ClauseRow.Verdict.NOT_REACHED)));
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", report.seconds()));
        if (!fit) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("name", "boot");
            xml.writeStartElement("error");
            xml.writeAttribute("message", String.valueOf(report.unfit()));
            xml.writeCharacters(printable(report.console()));
            xml.writeEndElement();
            xml.writeEndElement();
        }
        for (ClauseRow row : report.rows()) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", report.kernel());
            xml.writeAttribute("name", row.clause().id());
            if (row.finding() != null) {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", printable(row.finding().violation().observed()));
                xml.writeCharacters(
                        printable("allowed: " + String.join("\nallowed: ", row.finding().violation().allowed())
                                + "\n\n" + row.finding().text()));
                xml.writeEndElement();
            } else if (row.verdict() == ClauseRow.Verdict.NOT_REACHED) {
                xml.writeEmptyElement("skipped");
            }
            xml.writeEndElement();
        }
        if (!report.troubles().isEmpty()) {
            xml.writeStartElement("system-err");
            for (GradeReport.Accident accident : report.troubles()) {
                xml.writeCharacters(printable(accident.scenario() + ": " + accident.trouble().kind() + ": "
                        + accident.trouble().text() + "\n" + String.join("\n", accident.trouble().console()) + "\n"));
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML has no way to say most control characters. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "?");
    }
}
