package org.bpfz.spec.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.bpfz.spec.Errno;

/** Numbers are read as BigInteger reads them, and what does not fit 64 bits is out of range. */
class NumberParserProperties {
    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(64);

    @Provide
    Arbitrary<BigInteger> numbers() {
        Arbitrary<BigInteger> any = Arbitraries.bigIntegers().between(BigInteger.ZERO, BigInteger.ONE.shiftLeft(70));
        Arbitrary<BigInteger> edges = Arbitraries.of(BigInteger.ZERO, LIMIT, LIMIT.subtract(BigInteger.ONE),
                LIMIT.add(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(63));
        return Arbitraries.oneOf(any, edges);
    }

    @Provide
    Arbitrary<Integer> bases() {
        return Arbitraries.of(8, 10, 16);
    }

    @Property
    void readsANumberOfTheBase(@ForAll @From("numbers") BigInteger number, @ForAll @From("bases") int base,
            @ForAll boolean negative,
            @ForAll boolean detect) {
        String prefix = !detect || base == 10 ? "" : base == 8 ? "0" : "0x";
        String text = "\t " + (negative ? "-" : "") + prefix + number.toString(base);
        NumberParser.Parsed parsed = NumberParser.parse((text + ".").getBytes(StandardCharsets.US_ASCII),
                detect ? 0 : base);
        NumberParser.Parsed expected = number.compareTo(LIMIT) < 0
                ? new NumberParser.Parsed(number.longValue(), negative, text.length(), null)
                : NumberParser.Parsed.failure(Errno.ERANGE);
        assertEquals(expected, parsed);
    }
}
