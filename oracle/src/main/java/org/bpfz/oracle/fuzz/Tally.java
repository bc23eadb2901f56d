package org.bpfz.oracle.fuzz;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bpfz.oracle.InputException;
import org.jspecify.annotations.Nullable;

/** What a campaign has counted, by name; those of shards add up. */
public final class Tally {
    /** The file's name in a campaign's folder. */
    public static final String FILE = "tally.json";

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final TreeMap<String, Long> counts = new TreeMap<>();

    /** One more. */
    void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    /** How many; 0 if there was none. */
    public long get(String name) {
        return counts.getOrDefault(name, 0L);
    }

    /** Adds another one's. */
    public void add(Map<String, Long> other) {
        other.forEach((name, count) -> counts.merge(name, count, Long::sum));
    }

    /** All counts, by name. */
    public SortedMap<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    /** Writes it into a folder. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), GSON.toJson(counts) + "\n");
    }

    /** Reads what {@link #write} has written. */
    public static Tally read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InputException(folder, "no folder of bpfz diff --out: it has no " + FILE);
        }
        Tally tally = new Tally();
        try {
            Counts read = GSON.fromJson(Files.readString(file), Counts.class);
            if (read == null || read.containsValue(null)) {
                throw new InputException(file, "no counts");
            }
            tally.add(read);
        } catch (JsonParseException e) {
            throw new InputException(file, "no JSON object of numbers");
        }
        return tally;
    }

    /** What the file holds, for the parser. */
    private static final class Counts extends TreeMap<String, @Nullable Long> {
        private static final long serialVersionUID = 1L;
    }
}
