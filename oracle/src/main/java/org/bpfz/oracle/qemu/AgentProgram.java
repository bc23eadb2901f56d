package org.bpfz.oracle.qemu;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.bpfz.oracle.UnavailableException;

/** The agent's program, built by gcc from the sources in the jar when it is first needed and whenever they have changed. */
final class AgentProgram {
    private static final List<String> SOURCES = List.of("agent.h", "sys.c", "port.c", "machine.c", "tasks.c", "main.c");
    private static final List<String> COMPILE = List.of("gcc", "-O2", "-static", "-nostdlib", "-ffreestanding",
            "-fno-stack-protector", "-fno-pic", "-no-pie", "-Wall", "-Wextra");
    private static final long TIMEOUT_SECONDS = 60;

    private AgentProgram() {
    }

    /** The program. */
    static byte[] bytes() throws IOException {
        Map<String, byte[]> sources = new LinkedHashMap<>();
        Hasher hasher = Hashing.sha256().newHasher();
        for (String name : SOURCES) {
            try (InputStream in = Objects.requireNonNull(AgentProgram.class.getResourceAsStream("agent/" + name),
                    name)) {
                byte[] text = in.readAllBytes();
                sources.put(name, text);
                hasher.putUnencodedChars(name).putBytes(text);
            }
        }
        Path program = CacheFolder.of("agent").resolve(hasher.hash().toString());
        if (!Files.exists(program)) {
            build(sources, program);
        }
        return Files.readAllBytes(program);
    }

    private static void build(Map<String, byte[]> sources, Path program) throws IOException {
        Path folder = Files.createTempDirectory(program.getParent(), "build");
        List<String> command = new ArrayList<>(COMPILE);
        Path result = folder.resolve("agent");
        command.addAll(List.of("-o", result.toString()));
        for (Map.Entry<String, byte[]> source : sources.entrySet()) {
            Path file = folder.resolve(source.getKey());
            Files.write(file, source.getValue());
            if (source.getKey().endsWith(".c")) {
                command.add(file.toString());
            }
        }
        try {
            Path messages = folder.resolve("messages");
            Process gcc = start(command, messages);
            if (!gcc.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
                gcc.destroyForcibly();
                throw new UnavailableException("gcc can not build the agent: " + Files.readString(messages).strip());
            }
            Files.move(result, program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while building the agent", e);
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static Process start(List<String> command, Path messages) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(messages.toFile()).start();
        } catch (IOException e) {
            throw new UnavailableException("no gcc here to build the agent with: apt-get install gcc libc6-dev");
        }
    }
}
