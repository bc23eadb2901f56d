package org.bpfz.oracle.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes as people write them: {@code 4096}, {@code 64K}, {@code 1M}. */
final class SizeConverter implements ITypeConverter<Integer> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})([KMG]?)(?:iB|B)?");

    @Override
    public Integer convert(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (matcher.matches()) {
            int unit = matcher.group(2).isEmpty() ? 0 : 1 + "KMG".indexOf(matcher.group(2));
            long size = Long.parseLong(matcher.group(1)) << (10 * unit);
            if (size >= 1 && size <= Integer.MAX_VALUE) {
                return (int) size;
            }
        }
        throw new TypeConversionException("'" + text + "' is no size from 1 byte to 2 GiB, such as 65536, 64K or 1M");
    }
}
