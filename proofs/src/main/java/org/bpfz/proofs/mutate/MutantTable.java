package org.bpfz.proofs.mutate;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableListMultimap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.bpfz.proofs.theorem.Theorem;

/**
 * Which mutants each theorem must notice: {@code mutants.txt}, one a line.
 *
 * <p>{@code bpfz prove --find-mutants} prints lines for theorems that have none.
 */
public final class MutantTable {
    private static final ImmutableListMultimap<String, Line> LINES = read();

    private record Line(String method, Mutant.Kind kind, int place) {}

    private MutantTable() {
    }

    private static ImmutableListMultimap<String, Line> read() {
        ImmutableListMultimap.Builder<String, Line> lines = ImmutableListMultimap.builder();
        try (InputStream in = Objects.requireNonNull(MutantTable.class.getResourceAsStream("mutants.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
                        List<String> words = Splitter.on(' ').splitToList(line);
                        String kind = words.size() > 3 ? words.get(3) : "rule";
                        lines.put(words.get(0), new Line(words.get(1),
                                Mutant.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), Integer.parseInt(words.get(2))));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines.build();
    }

    /** The names of theorems that have lines. */
    public static java.util.Set<String> names() {
        return LINES.keySet();
    }

    /** The theorem's mutants. */
    public static List<Mutant> of(Theorem theorem) {
        return LINES.get(theorem.name()).stream().map(line -> mutant(theorem, line)).toList();
    }

    private static Mutant mutant(Theorem theorem, Line line) {
        for (Theorem.Code code : theorem.code()) {
            if (code.toString().equals(line.method)) {
                return new Mutant(code.owner(), code.method(), line.kind, line.place);
            }
        }
        throw new IllegalStateException(
                "mutants.txt: " + theorem.name() + " is not about " + line.method + " but about " + theorem.code());
    }
}
