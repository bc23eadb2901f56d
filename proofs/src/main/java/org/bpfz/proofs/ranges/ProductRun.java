package org.bpfz.proofs.ranges;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bpfz.verifier.domain.Tnum;

/** Multiplies tnums: a counterexample about one round of the loop is one about the product of what was left of the factors. */
public final class ProductRun implements UnaryOperator<String> {
    /** The factors, as a counterexample names them. */
    public static String input(Map<String, Long> model) {
        List<String> words = new ArrayList<>();
        for (String name : List.of("value", "mask", "shiftedValue", "shiftedMask", "a.value", "a.mask", "b.value",
                "b.mask")) {
            words.add(Long.toHexString(model.getOrDefault(name, 0L)));
        }
        return String.join(" ", words);
    }

    @Override
    public String apply(String input) {
        List<Long> words = Splitter.on(' ').splitToStream(input).map(word -> Long.parseUnsignedLong(word, 16)).toList();
        return product(words.subList(0, 4)) + " " + product(words.subList(4, 8));
    }

    private static Tnum product(List<Long> words) {
        Tnum a = new Tnum(words.get(0) & ~words.get(1), words.get(1));
        Tnum b = new Tnum(words.get(2) & ~words.get(3), words.get(3));
        return Tnum.mul(a, b);
    }
}
