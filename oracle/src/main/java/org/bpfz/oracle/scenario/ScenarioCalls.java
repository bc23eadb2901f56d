package org.bpfz.oracle.scenario;

import java.util.Map;
import org.bpfz.oracle.calls.CallReader;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Invocation;
import org.bpfz.oracle.syntax.Value.Name;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.jspecify.annotations.Nullable;

/**
 * Calls as scenarios write them: data by generators, variables for results, {@code fault} and {@code NULL} for addresses that can
 * not be used, {@code partial(data)} for memory that ends before the count does.
 */
final class ScenarioCalls extends CallReader {
    private final Generators generators;
    private final Map<String, Long> variables;

    ScenarioCalls(Generators generators, Map<String, Long> variables) {
        this.generators = generators;
        this.variables = variables;
    }

    @Override
    protected @Nullable Long variable(String name) {
        return variables.get(name);
    }

    @Override
    protected boolean isFault(Value value) {
        return value instanceof Name(String name, _) && (name.equals("fault") || name.equals("NULL"));
    }

    @Override
    protected Source source(Value buffer, @Nullable Long count) throws NotationException {
        if (isFault(buffer)) {
            if (count == null) {
                throw new NotationException(buffer.at(), "a count is needed where there is no data");
            }
            return Source.unmapped(count);
        }
        if (buffer instanceof Invocation(String function, var arguments, int at) && function.equals("partial")) {
            if (arguments.size() != 1 || count == null) {
                throw new NotationException(at, "partial(data) and a count expected");
            }
            Rope readable = generators.data(arguments.getFirst().value());
            return count >= 0 && count < readable.length()
                    ? Source.of(readable.slice(0, count))
                    : Source.faulting(readable, count);
        }
        Rope data = generators.data(buffer);
        if (count == null || count == data.length()) {
            return Source.of(data);
        }
        if (count > data.length()) {
            throw new NotationException(buffer.at(), "only " + data.length() + " bytes for a count of " + count
                    + "; partial(data) says that the rest faults");
        }
        return count < 0 ? Source.faulting(data, count) : Source.of(data.slice(0, count));
    }

    @Override
    protected Destination destination(Value buffer, long count) {
        return isFault(buffer) ? Destination.unmapped(count) : Destination.of(count);
    }
}
