package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.log.VerifierLog;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Verdict, errno and the whole log are equal to those of a real Linux 6.12, recorded in linux-6.12.117-logs.txt. */
class KernelLogsTest {
    private static final MapSpec COUNTS = MapSpec.of("counts", MapType.ARRAY, 4, 16, 16);

    record Recording(String name, ProgramType type, String errno, String program, String log) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Recording> recordings() throws IOException {
        List<Recording> all = new ArrayList<>();
        String text;
        try (InputStream in = Objects
                .requireNonNull(KernelLogsTest.class.getResourceAsStream("linux-6.12.117-logs.txt"))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String[] parts = text.split("(?m)^== ", -1);
        for (int i = 1; i < parts.length; i++) {
            int head = parts[i].indexOf('\n');
            int log = parts[i].indexOf("-- log\n");
            String[] words = parts[i].substring(0, head).split(" ", -1);
            all.add(new Recording(words[0], ProgramType.valueOf(words[1]), words[2],
                    parts[i].substring(head + 1, log), parts[i].substring(log + "-- log\n".length())));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void verdictAndLogAreTheKernels(Recording recording) {
        Verdict verdict = Verifier.verify(Programs.image(recording.type, recording.program, COUNTS),
                Options.privileged().withLogLevel(VerifierLog.LEVEL2));
        String errno = verdict instanceof Verdict.Rejected rejected ? rejected.errno().toString() : "0";
        assertEquals(recording.errno, errno);
        assertEquals(recording.log, verdict.log().replaceAll("0xffff(?!ffff)[0-9a-f]{12}(?![0-9a-f])", "0xADDRESS"));
    }
}
