package org.bpfz.oracle.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.syntax.CallText;
import org.bpfz.oracle.syntax.CallText.ResultText;
import org.bpfz.oracle.syntax.LineReader;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.NotationReader;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Field;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Clause;
import org.bpfz.spec.program.Hook;
import org.jspecify.annotations.Nullable;

/** Reads a scenario; complains of the first line that is none, with its column. */
public final class ScenarioParser {
    private static final int MAX_REPEAT = 100_000;

    private final LineReader lines;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> clauses = new ArrayList<>();
    private final Map<Integer, String> written = new HashMap<>();
    private final StringBuilder about = new StringBuilder();
    private Reading reading = Reading.strict();
    /** A program whose instructions come next. */
    private Step.@Nullable InlineProgram block;
    /** Steps that happen at once and whose end has not come; null outside of such a block. */
    private @Nullable List<Step> together;
    private int togetherLine;
    private NotationReader reader = NotationReader.strict("", 0);

    private ScenarioParser(LineReader lines) {
        this.lines = lines;
    }

    /** Reads a file. */
    public static Scenario parse(Path file) throws IOException {
        try (LineReader lines = LineReader.open(file)) {
            return parse(lines);
        }
    }

    /** Reads lines. */
    public static Scenario parse(LineReader lines) throws IOException {
        ScenarioParser parser = new ScenarioParser(lines);
        for (String line = lines.next(); line != null; line = lines.next()) {
            try {
                parser.written.put(lines.number(), line);
                parser.line(line);
                if (parser.block != null) {
                    parser.readBlock(parser.block);
                    parser.block = null;
                }
            } catch (NotationException e) {
                throw new InputException(lines.file(), lines.number(), e.at() + 1,
                        Objects.requireNonNull(e.getMessage()));
            }
        }
        if (parser.together != null) {
            throw new InputException(lines.file(), parser.togetherLine, 1, "together without its end");
        }
        return new Scenario(lines.file(), parser.about.toString(), parser.clauses, parser.reading, parser.steps,
                parser.written);
    }

    private void line(String line) throws NotationException {
        reader = NotationReader.strict(line, 0);
        if (reader.isAtEnd() || reader.take("#")) {
            return;
        }
        int at = reader.at();
        String word = reader.takeWord();
        if (word == null) {
            throw reader.problem("a directive or a task's name expected");
        }
        if (reader.take(":")) {
            labelled(at, word);
        } else if (word.equals("reading")) {
            reading(at);
            end();
        } else if (word.equals("program")) {
            block = new Step.InlineProgram(line(), at, word("a name for the program"), hook(), attributes(),
                    expectedResult(), "");
            end();
        } else if (word.equals("together")) {
            end();
            together = new ArrayList<>();
            togetherLine = line();
        } else if (word.equals("end") && together != null) {
            end();
            steps.add(new Step.Together(togetherLine, together));
            together = null;
        } else if (word.equals("repeat")) {
            repeat(at);
            end();
        } else {
            add(at, directive(at, word));
            end();
        }
    }

    /** The step comes next, or belongs to those that happen together. */
    private void add(int at, Step step) throws NotationException {
        if (together == null) {
            steps.add(step);
        } else if (step instanceof Step.Invoke || step instanceof Step.Detach) {
            together.add(step);
        } else {
            throw new NotationException(at, "only calls and detach can happen together");
        }
    }

    /** {@code repeat 50 p1: write(fd, "x") = 1}. */
    private void repeat(int at) throws NotationException {
        long times = number().value();
        if (times < 1 || times > MAX_REPEAT) {
            throw new NotationException(at, "repeat 1 to " + MAX_REPEAT + " times");
        }
        int task = reader.at();
        String label = word("a task's name");
        reader.expect(":");
        Step step = invocation(task, label);
        for (int i = 0; i < times; i++) {
            add(at, step);
        }
    }

    /** Reads instructions up to {@code end}. */
    private void readBlock(Step.InlineProgram head) throws IOException {
        StringBuilder code = new StringBuilder();
        String line = lines.next();
        while (line != null && !line.strip().equals("end")) {
            written.put(lines.number(), line);
            code.append(line).append('\n');
            line = lines.next();
        }
        if (line == null) {
            throw new InputException(lines.file(), head.line(), head.at() + 1, "a program without its end");
        }
        steps.add(new Step.InlineProgram(head.line(), head.at(), head.name(), head.hook(), head.attributes(),
                head.expected(), code.toString()));
    }

    private void labelled(int at, String label) throws NotationException {
        switch (label) {
            case "about" -> about.append(about.isEmpty() ? "" : " ").append(reader.takeRest());
            case "clauses" -> {
                do {
                    clauses.add(clause().id());
                } while (reader.take(","));
                end();
            }
            default -> {
                add(at, invocation(at, label));
                end();
            }
        }
    }

    private Step directive(int at, String word) throws NotationException {
        return switch (word) {
            case "load" -> new Step.Load(line(), at, reader.takeFileName(), expectedResult());
            case "attach" -> attach(at);
            case "detach" -> new Step.Detach(line(), at, word("the link's name"));
            case "task" -> new Step.TaskStep(line(), at, word("the task's name"), attributes());
            case "disk" -> new Step.Disk(line(), at, number());
            case "dir" -> new Step.Directory(line(), path(), attributes());
            case "file" -> {
                Value.Text path = path();
                reader.expect("=");
                yield new Step.ExistingFile(line(), path, reader.value(), attributes());
            }
            case "map" -> element(at, Step.MapUpdate::new);
            case "expect" -> expectation(at);
            default -> throw new NotationException(at, "no such directive: " + word);
        };
    }

    private void reading(int at) throws NotationException {
        if (!steps.isEmpty()) {
            throw new NotationException(at, "readings are chosen before anything is done");
        }
        Clause clause = clause();
        reader.expect("=");
        Variant answer = Reading.find(clause, word("the name of a variant"));
        if (answer == null) {
            throw new NotationException(at, clause.id() + " leaves no such choice");
        }
        reading = reading.with(answer);
    }

    private Step attach(int at) throws NotationException {
        String program = word("the program's name");
        String target = takeKeyword("to") ? word("the name of a kernel function") : null;
        String link = takeKeyword("as") ? word("a name for the link") : program;
        return new Step.Attach(line(), at, program, target, link, expectedResult());
    }

    private Step expectation(int at) throws NotationException {
        int what = reader.at();
        String word = word("what is expected");
        return switch (word) {
            case "decide", "verify" -> {
                reader.rewind(what);
                CallText run = reader.call();
                yield new Step.ExpectRun(line(), at, run.name(), run.arguments(), run.result());
            }
            case "no" -> new Step.ExpectNoRun(line(), at, hook().shortName());
            case "signal" -> new Step.ExpectSignal(line(), at, word("a signal's name"));
            case "file" -> {
                Value.Text path = path();
                reader.expect("=");
                yield new Step.ExpectFile(line(), path, reader.value());
            }
            case "size" -> {
                Value.Text path = path();
                reader.expect("=");
                yield new Step.ExpectSize(line(), path, reader.value());
            }
            case "map" -> element(at, Step.ExpectMap::new);
            default -> throw new NotationException(what, "no such expectation: " + word);
        };
    }

    private Hook hook() throws NotationException {
        reader.skipSpace();
        int at = reader.at();
        String name = word("decide or verify");
        for (Hook hook : Hook.values()) {
            if (hook.shortName().equals(name)) {
                return hook;
            }
        }
        throw new NotationException(at, "decide or verify expected, not " + name);
    }

    private interface ElementStep {
        Step make(int line, int at, String map, Value key, Value value);
    }

    private Step element(int at, ElementStep step) throws NotationException {
        String map = word("the map's name");
        reader.expect("[");
        Value key = reader.value();
        reader.expect("]");
        reader.expect("=");
        return step.make(line(), at, map, key, reader.value());
    }

    private Step invocation(int at, String task) throws NotationException {
        reader.skipSpace();
        int start = reader.at();
        String variable = reader.takeWord();
        if (variable == null || !reader.take("=")) {
            variable = null;
            reader.rewind(start);
        }
        return new Step.Invoke(line(), at, task, variable, reader.call());
    }

    private int line() {
        return lines.number();
    }

    private boolean takeKeyword(String keyword) {
        reader.skipSpace();
        int start = reader.at();
        if (keyword.equals(reader.takeWord())) {
            return true;
        }
        reader.rewind(start);
        return false;
    }

    private String word(String what) throws NotationException {
        String word = reader.takeWord();
        if (word == null) {
            throw reader.problem(what + " expected");
        }
        return word;
    }

    /** {@code SYS-4}. */
    private Clause clause() throws NotationException {
        reader.skipSpace();
        int at = reader.at();
        String group = word("a clause such as SYS-4");
        reader.expect("-");
        Clause clause = reader.value() instanceof Value.Int(long number, _) ? Clause.of(group + "-" + number) : null;
        if (clause == null) {
            throw new NotationException(at, "a clause such as SYS-4 expected");
        }
        return clause;
    }

    private Value.Int number() throws NotationException {
        Value value = reader.value();
        if (value instanceof Value.Int number) {
            return number;
        }
        throw new NotationException(value.at(), "a number expected");
    }

    private Value.Text path() throws NotationException {
        Value value = reader.value();
        if (value instanceof Value.Text text) {
            return text;
        }
        throw new NotationException(value.at(), "a path in quotes expected");
    }

    private List<Field> attributes() throws NotationException {
        List<Field> attributes = new ArrayList<>();
        while (!reader.isAtEnd()) {
            int start = reader.at();
            String name = reader.takeWord();
            if (name == null) {
                reader.rewind(start);
                break;
            }
            reader.expect("=");
            attributes.add(new Field(name, reader.value()));
        }
        return attributes;
    }

    private @Nullable ResultText expectedResult() throws NotationException {
        return reader.take("=") ? reader.result() : null;
    }

    /** Nothing may follow but a comment, or what strace says of an error: a line of its output is a line of a scenario. */
    private void end() throws NotationException {
        if (!reader.isAtEnd() && !reader.take("#") && !reader.take("(")) {
            throw reader.problem("nothing more expected on this line");
        }
    }
}
