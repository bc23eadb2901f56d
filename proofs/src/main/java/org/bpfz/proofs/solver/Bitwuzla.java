package org.bpfz.proofs.solver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bpfz.proofs.term.Term;
import org.sosy_lab.java_smt.solvers.bitwuzla.api.BitwuzlaNative;
import org.sosy_lab.java_smt.solvers.bitwuzla.api.Option;
import org.sosy_lab.java_smt.solvers.bitwuzla.api.Options;
import org.sosy_lab.java_smt.solvers.bitwuzla.api.Parser;
import org.sosy_lab.java_smt.solvers.bitwuzla.api.Result;
import org.sosy_lab.java_smt.solvers.bitwuzla.api.TermManager;
import org.sosy_lab.java_smt.solvers.bitwuzla.api.Vector_Term;

/**
 * Bitwuzla, by the binding that JavaSMT publishes; it is given SMT-LIB text, so that it shares nothing with {@link Z3} but the terms.
 *
 * <p>The build puts the binding's native library, which there is for Linux on x86-64, beside this class.
 */
public final class Bitwuzla implements Solver {
    private static final String LIBRARY = "libbitwuzlaj-x64.so";
    private static final int BINARY = 2;

    /** Why it can't be used; empty where it can. Loaded once: a JVM takes a native library of a class loader only once. */
    private static final class Native {
        static final String MISSING = load();

        @SuppressWarnings("restricted") // a solver is native code
        private static String load() {
            String machine = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
            if (!machine.toLowerCase(Locale.ROOT).equals("linux on amd64")) {
                return "Bitwuzla's library is built for Linux on amd64, not for " + machine;
            }
            try (InputStream in = Bitwuzla.class.getResourceAsStream(LIBRARY)) {
                if (in == null) {
                    return "the build has put no " + LIBRARY + " beside the class files";
                }
                Path file = Files.createTempFile("bpfz", LIBRARY);
                try {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                    System.load(file.toString());
                } finally {
                    Files.delete(file);
                }
                return "";
            } catch (IOException | UnsatisfiedLinkError e) {
                return "Bitwuzla's library can't be loaded: " + e.getMessage();
            }
        }
    }

    private Bitwuzla() {
    }

    /** The solver; empty where {@link #missing} says why. */
    public static Optional<Bitwuzla> find() {
        return missing().isEmpty() ? Optional.of(new Bitwuzla()) : Optional.empty();
    }

    /** Why there is none here; empty where there is. */
    public static String missing() {
        return Native.MISSING;
    }

    @Override
    public String name() {
        return "Bitwuzla " + BitwuzlaNative.version();
    }

    @Override
    public Answer solve(List<Term> assertions, Duration limit) {
        TermManager manager = new TermManager();
        Options options = new Options();
        options.set(Option.PRODUCE_MODELS, 1);
        // 0 would be no limit.
        options.set(Option.TIME_LIMIT_PER, Math.toIntExact(Math.max(1, limit.toMillis())));
        Parser parser = new Parser(manager, options);
        // What is native is given back in this order: terms and solver before the manager that they belong to.
        try {
            parser.parse(SmtLib.script(assertions), true, false);
            var solver = parser.bitwuzla();
            Result result = solver.check_sat();
            if (result == Result.SAT) {
                return new Answer.Satisfiable(values(parser, solver));
            }
            return result == Result.UNSAT
                    ? new Answer.Unsatisfiable()
                    : new Answer.Unknown("no answer within " + limit.toMillis() + " ms");
        } finally {
            parser.delete();
            options.delete();
            manager.delete();
        }
    }

    private static Map<String, Long> values(Parser parser,
            org.sosy_lab.java_smt.solvers.bitwuzla.api.Bitwuzla solver) {
        Map<String, Long> values = new HashMap<>();
        Vector_Term variables = parser.get_declared_funs();
        for (org.sosy_lab.java_smt.solvers.bitwuzla.api.Term variable : variables) {
            org.sosy_lab.java_smt.solvers.bitwuzla.api.Term value = solver.get_value(variable);
            String symbol = variable.symbol();
            // A quoted symbol is one with its bars.
            String name = symbol.startsWith("|") ? symbol.substring(1, symbol.length() - 1) : symbol;
            values.put(name, value.sort().is_bool()
                    ? value.to_bool() ? 1L : 0L
                    : Long.parseUnsignedLong(value.to_bv(), BINARY));
            value.delete();
            variable.delete();
        }
        variables.delete();
        return values;
    }
}
