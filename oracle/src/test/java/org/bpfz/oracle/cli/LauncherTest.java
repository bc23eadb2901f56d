package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a project of its own, whose Maven is a script that brings the jar and keeps a list of its calls. */
class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "bpfz").toAbsolutePath().normalize();

    @TempDir
    Path project;

    private record Result(int code, String out, List<String> err) {}

    @BeforeEach
    void makeProject() throws IOException {
        Files.copy(SCRIPT, project.resolve("bpfz"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.createDirectories(project.resolve("oracle/src/main/java"));
        Files.createDirectories(project.resolve("bin"));
        Path ready = project.resolve("ready.jar");
        makeJar(ready);
        Path maven = Files.writeString(project.resolve("bin/mvn"), """
                #!/bin/sh
                echo "$@" >>calls
                echo noise of the build
                mkdir -p oracle/target && cp ready.jar oracle/target/bpfz.jar
                """);
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Everything that the command needs: classes of this build inside, libraries by reference. */
    private static void makeJar(Path jar) throws IOException {
        Map<Boolean, List<Path>> entries = Stream.of(System.getProperty("java.class.path").split(":")).map(Path::of)
                .filter(path -> !path.endsWith("test-classes")).collect(Collectors.partitioningBy(Files::isDirectory));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH,
                entries.get(false).stream().map(path -> path.toUri().toString()).collect(Collectors.joining(" ")));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream jarOut = new JarOutputStream(out, manifest)) {
            Set<String> names = new HashSet<>();
            for (Path folder : entries.get(true)) {
                List<Path> files;
                try (Stream<Path> walk = Files.walk(folder)) {
                    files = walk.filter(Files::isRegularFile).toList();
                }
                for (Path file : files) {
                    String name = folder.relativize(file).toString();
                    if (names.add(name) && !name.equals("META-INF/MANIFEST.MF")) {
                        jarOut.putNextEntry(new JarEntry(name));
                        Files.copy(file, jarOut);
                        jarOut.closeEntry();
                    }
                }
            }
        }
    }

    private Result run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path out = project.resolve("stdout");
        Path err = project.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command).directory(project.resolve("bin").toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("PATH", project.resolve("bin") + ":/usr/bin:/bin");
        builder.environment().put("BPFZ_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        int code = process.waitFor();
        return new Result(code, Files.readString(out), Files.readAllLines(err));
    }

    private int builds() throws IOException {
        Path calls = project.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    @Test
    void shouldBuildOnceAndSaySoAndKeepStandardOutputForTheCommand() throws Exception {
        Result first = run(Map.of(), "../bpfz", "--version");
        Result second = run(Map.of(), "../bpfz", "--version");

        assertEquals(0, first.code(), first.toString());
        assertTrue(first.out().startsWith("bpfz ") && first.out().lines().count() == 1, first.out());
        assertEquals(List.of(
                "bpfz: first run: building with Maven and " + System.getProperty("java.home") + " (a minute or two)",
                "noise of the build", "bpfz: making the start-up cache (once a build)"), first.err());
        assertEquals(new Result(0, first.out(), List.of()), second);
        Path link = Files.createSymbolicLink(project.resolve("bin/linked"), project.resolve("bpfz"));
        assertEquals(
                new Result(ExitCode.UNUSABLE, "", List.of("bpfz: no command 'frob'; bpfz --help lists them")),
                run(Map.of(), link.toString(), "frob"));
        assertEquals(List.of("-q -B -ntp -Dstyle.color=never -Pquick package -pl oracle -am"),
                Files.readAllLines(project.resolve("calls")));
        assertTrue(Files.size(project.resolve("oracle/target/bpfz.aot")) > 1_000_000);
    }

    @Test
    void shouldBuildAgainWhenASourceIsNewer() throws Exception {
        run(Map.of(), "../bpfz", "--version");
        Path source = Files.writeString(project.resolve("oracle/src/main/java/A.java"), "class A {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

        assertEquals(List.of(), run(Map.of("BPFZ_NO_BUILD", "1"), "../bpfz", "--version").err());
        assertEquals(1, builds());
        assertEquals(
                "bpfz: sources are newer than the build: building with Maven and " + System.getProperty("java.home"),
                run(Map.of(), "../bpfz", "--version").err().getFirst());
        assertEquals(2, builds());
    }

    @Test
    void shouldSayInOneLineThatThereIsNoJdk() throws Exception {
        Result run = run(Map.of("BPFZ_JAVA_HOME", "/no/such/jdk"), "../bpfz", "--version");

        assertEquals(new Result(ExitCode.UNAVAILABLE, "",
                List.of("bpfz: BPFZ_JAVA_HOME=/no/such/jdk is not the home of a JDK 25")), run);
        assertEquals(0, builds());
    }

    @Test
    void shouldSayThatTheBuildFailed() throws Exception {
        Files.writeString(project.resolve("bin/mvn"), "#!/bin/sh\necho broken; exit 1\n");
        Result run = run(Map.of(), "../bpfz", "--version");

        assertEquals(ExitCode.UNAVAILABLE, run.code());
        assertEquals(List.of("broken", "bpfz: the build failed; what Maven says stands above"),
                run.err().subList(1, run.err().size()));
    }
}
