package org.bpfz.oracle.attach;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bpfz.oracle.calls.CallShape;
import org.bpfz.oracle.calls.Shown;
import org.bpfz.spec.kernel.Call;
import org.jspecify.annotations.Nullable;

/** Modelled calls as registers hold them: numbers of x86-64, and arguments of which addresses are only known to be some. */
final class SystemCalls {
    private static final int ARGUMENTS = 6;
    private static final String ANY = "NAME";
    private static final Map<String, Integer> NUMBERS = read();

    private SystemCalls() {
    }

    private static Map<String, Integer> read() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(SystemCalls.class.getResourceAsStream("system_calls.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (!line.startsWith("#")) {
                    int space = line.indexOf(' ');
                    numbers.put(line.substring(0, space), Integer.parseInt(line.substring(space + 1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return numbers;
    }

    /** The calls that have a number. */
    static Set<String> names() {
        return NUMBERS.keySet();
    }

    /** A name of a table, or one for each call where it ends in NAME. */
    static List<String> expand(String name) {
        return name.endsWith(ANY)
                ? names().stream().map(call -> name.substring(0, name.length() - ANY.length()) + call).toList()
                : List.of(name);
    }

    /** What a call is called. */
    static String name(Call call) {
        return CallShape.of(call).name();
    }

    /** A call's number; null for one that the stock kernel does not have, or that is none. */
    static @Nullable Integer number(String name) {
        return NUMBERS.get(name);
    }

    /** The call's six arguments; 0 where it has fewer. */
    static long[] arguments(Call call) {
        long[] registers = new long[ARGUMENTS];
        List<CallShape.Argument> arguments = CallShape.of(call).arguments();
        for (int i = 0; i < Math.min(arguments.size(), ARGUMENTS); i++) {
            registers[i] = register(arguments.get(i).shown());
        }
        return registers;
    }

    private static long register(Shown shown) {
        return switch (shown) {
            case Shown.Decimal number -> number.value();
            case Shown.Octal number -> number.value();
            case Shown.Symbol symbol -> symbol.value();
            case Shown.Folder folder -> folder.fd();
            case Shown.Stored stored -> stored.address() == Shown.Address.NULL ? 0 : KernelCopies.USER;
            case Shown.PathName _,Shown.Data _,Shown.DataVector _,Shown.Room _,Shown.RoomVector _,Shown.Offset _,Shown.Rights _,Shown.How _ ->
                KernelCopies.USER;
        };
    }
}
