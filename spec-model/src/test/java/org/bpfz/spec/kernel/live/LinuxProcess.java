package org.bpfz.spec.kernel.live;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The process that executes system calls for the test, which it may then do anything to, limits included. */
final class LinuxProcess implements AutoCloseable {
    /**
     * What came of a call.
     *
     * @param result the raw result
     * @param answer what was in the memory that it could store into
     */
    @SuppressWarnings("ArrayRecordComponent") // taken apart, never compared
    record Answer(long result, byte[] answer) {}

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;

    LinuxProcess() throws IOException, URISyntaxException {
        Path classes = Path.of(LinuxRunner.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        process = new ProcessBuilder(java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED", "-cp", classes.toString(), LinuxRunner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
        in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    }

    /** That its thread cannot be set up as it has to be. */
    static final class NotPossibleException extends IOException {
        private static final long serialVersionUID = 1;

        NotPossibleException(long result) {
            super("a thread with tables of its own cannot be had here: error " + -result);
        }
    }

    /**
     * Executes a sequence of calls.
     *
     * @param directory    where it runs
     * @param mountOptions if not empty, a tmpfs with these options is mounted there for this sequence and is its root directory
     * @param id           the user and group that root becomes
     */
    List<Answer> run(Path directory, String mountOptions, int id, List<RawCall> calls) throws IOException {
        out.writeUTF(directory.toString());
        out.writeUTF(mountOptions);
        out.writeInt(id);
        out.writeInt(calls.size());
        for (RawCall call : calls) {
            call.write(out);
        }
        out.flush();
        long setUp;
        try {
            setUp = in.readLong();
        } catch (EOFException ended) {
            throw new IOException("the other process has ended with status " + process.onExit().join().exitValue(),
                    ended);
        }
        List<Answer> answers = new ArrayList<>();
        for (RawCall call : calls) {
            long result = in.readLong();
            answers.add(new Answer(result, in.readNBytes(call.answerLength())));
        }
        if (setUp != 0) {
            throw new NotPossibleException(setUp);
        }
        return answers;
    }

    @Override
    public void close() throws IOException {
        out.close();
        process.destroy();
    }
}
