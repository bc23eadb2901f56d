package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.oracle.UnavailableException;

/**
 * The distribution's own 6.12 kernel as a peer: its package is fetched by apt and unpacked, not installed, into the cache folder.
 */
public final class StockKernel {
    private static final Pattern PACKAGE = Pattern
            .compile("^(linux-image-6\\.12\\.(\\d+)\\S*-cloud-amd64(-unsigned)?) - .*$", Pattern.MULTILINE);
    private static final String INSTEAD = "; any 6.12 bzImage with CONFIG_BPF_SYSCALL, CONFIG_VIRTIO_PCI and"
            + " CONFIG_VIRTIO_CONSOLE will do in its place (--kernel)";
    private static final long SEARCH_SECONDS = 60;
    private static final long FETCH_SECONDS = 300;

    private StockKernel() {
    }

    /** The newest image that was fetched before. */
    public static Optional<Path> find() throws IOException {
        try (var files = Files.list(CacheFolder.of("kernels"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("vmlinuz-6.12."))
                    .max(Comparator.comparingInt(file -> sublevel(String.valueOf(file.getFileName()))));
        }
    }

    /**
     * The newest image that was fetched before, or one that is fetched now.
     *
     * @throws UnavailableException where there is none and none can be had, with what to do
     */
    public static Path findOrFetch() throws IOException {
        Optional<Path> known = find();
        return known.isPresent() ? known.get() : fetch(candidate());
    }

    private static int sublevel(String name) {
        return Integer.parseInt(name.replaceFirst("vmlinuz-6\\.12\\.(\\d+).*", "$1"));
    }

    /**
     * The name of the package that {@link #fetch} fetches: the newest.
     *
     * @throws UnavailableException where apt knows none
     */
    public static String candidate() throws IOException {
        String listed = run(CacheFolder.of("kernels"), SEARCH_SECONDS, "apt-cache", "search", "^linux-image-6[.]12");
        Matcher matcher = PACKAGE.matcher(listed);
        List<String> names = new ArrayList<>();
        int newest = -1;
        while (matcher.find()) {
            int level = Integer.parseInt(matcher.group(2));
            if (level > newest) {
                names.clear();
                newest = level;
            }
            if (level == newest) {
                names.add(matcher.group(1));
            }
        }
        // The signed one comes first where there are both: it is the one that people run.
        return names.stream().min(Comparator.comparingInt(String::length))
                .orElseThrow(() -> new UnavailableException(
                        "apt knows no linux-image-6.12.*-cloud-amd64: apt-get update, or a distribution that has it"
                                + INSTEAD));
    }

    /**
     * Fetches a package and keeps its image.
     *
     * @return the image
     * @throws UnavailableException where it can not be had, with what to do
     */
    public static Path fetch(String name) throws IOException {
        Path kernels = CacheFolder.of("kernels");
        Path scratch = Files.createTempDirectory(kernels, "fetch");
        try {
            run(scratch, FETCH_SECONDS, "apt-get", "download", "-q", name);
            Path deb = only(scratch, ".*\\.deb");
            run(scratch, FETCH_SECONDS, "dpkg", "-x", deb.toString(), "unpacked");
            Path image = only(scratch.resolve("unpacked/boot"), "vmlinuz-.*");
            return Files.move(image, kernels.resolve(image.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            delete(scratch);
        }
    }

    private static Path only(Path folder, String pattern) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches(pattern)).findAny()
                    .orElseThrow(() -> new UnavailableException("the package has no " + pattern + INSTEAD));
        }
    }

    private static String run(Path folder, long seconds, String... command) throws IOException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                    .redirectOutput(output.toFile()).start();
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                String last = text.strip().lines().reduce("", (a, b) -> b);
                throw new UnavailableException(
                        String.join(" ", command) + (ended ? ": " + last : ": no end in sight") + INSTEAD);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            throw new UnavailableException("no " + command[0] + " here" + INSTEAD);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
