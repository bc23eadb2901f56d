package org.bpfz.oracle.scenario;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Field;
import org.bpfz.oracle.syntax.Value.Int;
import org.bpfz.oracle.syntax.Value.Invocation;
import org.bpfz.oracle.syntax.Value.Text;
import org.bpfz.spec.kernel.Rope;
import org.jspecify.annotations.Nullable;

/**
 * Makes the data that scenarios write: {@code lorem(4096)} instead of 4,096 bytes in quotes. The same call makes the same bytes on
 * every machine.
 */
final class Generators {
    /** The names of all generators. */
    static final Set<String> NAMES = Set.of("zeros", "lorem", "words", "random", "repeat", "file", "join");

    /** More than a call writes at once (MAX_RW_COUNT is 2 GiB) is of no use, and this much fits a small machine. */
    private static final long MAX_LENGTH = 256 << 20;

    private static final String LOREM = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor "
            + "incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco "
            + "laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit "
            + "esse cillum dolore eu fugiat nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in culpa "
            + "qui officia deserunt mollit anim id est laborum. ";

    private static final List<String> WORDS = List.of("the", "of", "and", "to", "in", "a", "is", "that", "it", "for",
            "was",
            "on", "are", "with", "as", "be", "at", "one", "have", "this", "from", "by", "not", "word", "but", "what",
            "some",
            "we", "can", "out", "other", "were", "all", "there", "when", "up", "use", "your", "how", "said", "each",
            "which",
            "their", "time", "if", "will", "way", "about", "many", "then", "them", "write", "would", "like", "so",
            "these",
            "long", "make", "thing", "see", "kernel", "buffer", "offset", "compress");

    private final Path folder;

    /** Generators whose files stand in a folder. */
    Generators(Path folder) {
        this.folder = folder;
    }

    /** The bytes of a string or a generator. */
    Rope data(Value value) throws NotationException {
        return switch (value) {
            case Text text -> Rope.wrap(text.bytes());
            case Invocation call -> generate(call);
            default -> throw new NotationException(value.at(),
                    "data expected: a string, or one of " + String.join(", ", NAMES.stream().sorted().toList()));
        };
    }

    private Rope generate(Invocation call) throws NotationException {
        return switch (call.function()) {
            case "zeros" -> Rope.zeros(length(call, 0));
            case "lorem" -> Rope.wrap(repeat(LOREM.getBytes(StandardCharsets.US_ASCII), (int) length(call, 0)));
            case "words" -> Rope.wrap(words((int) length(call, 0), option(call, "seed", 1)));
            case "random" -> Rope.wrap(random((int) length(call, 0), option(call, "seed", 1)));
            case "repeat" -> Rope.wrap(repeat(pattern(call), (int) length(call, 1)));
            case "file" -> file(call);
            case "join" -> join(call);
            default -> throw new NotationException(call.at(), "no generator '" + call.function() + "'; there are "
                    + String.join(", ", NAMES.stream().sorted().toList()));
        };
    }

    private static long length(Invocation call, int index) throws NotationException {
        Value value = positional(call, index);
        if (value instanceof Int(long length, int at)) {
            if (length >= 0 && length <= MAX_LENGTH) {
                return length;
            }
            throw new NotationException(at, "a length from 0 to 256M expected");
        }
        throw new NotationException(value == null ? call.at() : value.at(), call.function() + " needs a length");
    }

    private static byte[] pattern(Invocation call) throws NotationException {
        Value value = positional(call, 0);
        if (value instanceof Text text && !text.latin1().isEmpty()) {
            return text.bytes();
        }
        throw new NotationException(value == null ? call.at() : value.at(), "repeat needs a string to repeat");
    }

    private static @Nullable Value positional(Invocation call, int index) {
        List<Field> positional = call.arguments().stream().filter(argument -> argument.name() == null).toList();
        return index < positional.size() ? positional.get(index).value() : null;
    }

    private static long option(Invocation call, String name, long otherwise) throws NotationException {
        for (Field argument : call.arguments()) {
            if (name.equals(argument.name())) {
                if (argument.value() instanceof Int(long value, _)) {
                    return value;
                }
                throw new NotationException(argument.value().at(), name + " is a number");
            }
        }
        return otherwise;
    }

    private static byte[] repeat(byte[] pattern, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = pattern[i % pattern.length];
        }
        return bytes;
    }

    /** SplitMix64 (Steele, Lea and Flood), its numbers in little-endian order. */
    private static byte[] random(int length, long seed) {
        ByteBuffer numbers = ByteBuffer.allocate((length + 7) / 8 * 8).order(ByteOrder.LITTLE_ENDIAN);
        SplitMix64 random = new SplitMix64(seed);
        while (numbers.hasRemaining()) {
            numbers.putLong(random.next());
        }
        byte[] bytes = new byte[length];
        numbers.flip().get(bytes);
        return bytes;
    }

    /** Common words between spaces, the first ones more often: each is chosen by the smaller of two random numbers. */
    private static byte[] words(int length, long seed) {
        SplitMix64 random = new SplitMix64(seed);
        StringBuilder text = new StringBuilder(length + 16);
        while (text.length() < length) {
            long number = random.next();
            int word = (int) Math.min(number & 63, number >>> 6 & 63);
            text.append(WORDS.get(word)).append((number >>> 12 & 15) == 0 ? '\n' : ' ');
        }
        text.setLength(length);
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private Rope file(Invocation call) throws NotationException {
        if (!(positional(call, 0) instanceof Text name)) {
            throw new NotationException(call.at(), "file needs a file's name");
        }
        Path path = folder.resolve(new String(name.bytes(), StandardCharsets.UTF_8));
        byte[] content;
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > MAX_LENGTH) {
                throw new NotationException(name.at(), path + " is no regular file of at most 256M");
            }
            content = Files.readAllBytes(path);
        } catch (IOException e) {
            throw new NotationException(name.at(), path + " can not be read");
        }
        long offset = option(call, "offset", 0);
        long size = option(call, "size", Math.max(content.length - offset, 0));
        if (offset < 0 || size < 0 || offset > content.length || size > content.length - offset) {
            throw new NotationException(call.at(), path + " has " + content.length + " bytes only");
        }
        return Rope.wrap(content).slice(offset, offset + size);
    }

    private Rope join(Invocation call) throws NotationException {
        Rope joined = Rope.empty();
        for (Field argument : call.arguments()) {
            joined = joined.concat(data(argument.value()));
            if (joined.length() > MAX_LENGTH) {
                throw new NotationException(call.at(), "more than 256M");
            }
        }
        return joined;
    }

    /** The generator that java.util.SplittableRandom is made of, written out so that other programs can make the same data. */
    private static final class SplitMix64 {
        private long state;

        SplitMix64(long seed) {
            state = seed;
        }

        long next() {
            state += 0x9e3779b97f4a7c15L;
            long z = state;
            z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
            z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
            return z ^ z >>> 31;
        }
    }
}
