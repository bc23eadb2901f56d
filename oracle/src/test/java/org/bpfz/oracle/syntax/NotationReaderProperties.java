package org.bpfz.oracle.syntax;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class NotationReaderProperties {
    @Property
    boolean shouldReadBackEveryByteFromHex(@ForAll byte[] bytes) throws NotationException {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte b : bytes) {
            quoted.append("\\x").append(HexFormat.of().toHexDigits(b));
        }
        Value value = NotationReader.strict(quoted.append('"').toString(), 0).value();

        return value.equals(new Value.Text(new String(bytes, StandardCharsets.ISO_8859_1), false, 0));
    }

    /** Whatever stands there, a strict reader takes it or names a place inside the line. */
    @Property(tries = 5000)
    boolean shouldRefuseNonsenseWithAPlace(
            @ForAll @CharRange(from = ' ', to = '~') @StringLength(max = 60) String nonsense) {
        String line = "f(" + nonsense;
        try {
            NotationReader.strict(line, 0).call();
            return true;
        } catch (NotationException e) {
            return e.at() >= 0 && e.at() <= line.length() && e.getMessage() != null;
        }
    }

    /** Brackets, quotes and dots in any order: a lenient reader ends too. */
    @Property(tries = 5000)
    boolean shouldEndOnEveryMixOfBrackets(@ForAll("brackets") String nonsense) {
        try {
            NotationReader.lenient("f(" + nonsense, 0).call();
        } catch (NotationException e) {
            return e.at() <= nonsense.length() + 2;
        }
        return true;
    }

    @Provide
    Arbitrary<String> brackets() {
        return Arbitraries.strings().withChars("()[]{}<>\"\\,.=|a0x/* ").ofMaxLength(60);
    }
}
