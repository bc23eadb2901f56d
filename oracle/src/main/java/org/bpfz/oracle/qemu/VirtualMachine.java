package org.bpfz.oracle.qemu;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.qemu.GuestException.Kind;

/**
 * A kernel that runs in QEMU with the agent as its init, and the line to the agent.
 *
 * <p>Requests may be sent ahead of the answers, which come in their order. A guest that panics, ends or falls silent makes
 * {@link #receive} throw; boot another one then. Not for several threads at a time.
 */
public final class VirtualMachine implements AutoCloseable {
    private static final String QEMU = "qemu-system-x86_64";
    private static final int MAGIC = 0x7a667062;
    private static final int VERSION = 2;
    /** The agent's hello: magic, version, arena, its size, struct new_utsname (six fields of 65 bytes), padded to 8. */
    private static final int HELLO = 416;
    private static final int NAME = 65;
    private static final int SYS_REBOOT = 169;
    private static final long OFF_SECONDS = 10;

    private final Process process;
    private final Path folder;
    private final Console console;
    private final SocketChannel channel;
    private final Duration answerTimeout;
    private final String release;
    private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final Queue<List<Answers.Kind>> expected = new ArrayDeque<>();

    /** A frame from the agent, or the end of the line. */
    private sealed interface Frame {
        final class Data implements Frame {
            private final byte[] bytes;

            Data(byte[] bytes) {
                this.bytes = bytes;
            }
        }

        record End(String reason) implements Frame {}
    }

    private VirtualMachine(Process process, Path folder, Console console, SocketChannel channel, Boot boot)
            throws IOException {
        this.process = process;
        this.folder = folder;
        this.console = console;
        this.channel = channel;
        answerTimeout = boot.answerTimeout();
        Thread.ofVirtual().start(this::read);
        release = hello(next(boot.bootTimeout(), Kind.NEVER_UP));
    }

    /**
     * Boots and waits for the agent's hello: on the host's CPU where that works (KVM), emulated where not.
     *
     * @throws UnavailableException where there is no QEMU, or no gcc to build the agent with
     * @throws GuestException       where the agent does not come up
     */
    public static VirtualMachine boot(Boot boot) throws IOException {
        if (!Files.isReadable(boot.kernel()) || Files.isDirectory(boot.kernel())) {
            throw new InputException(boot.kernel(), "no kernel image that can be read");
        }
        if (!Acceleration.isWorthTrying()) {
            return boot(boot, Acceleration.EMULATED);
        }
        try {
            return boot(boot.withTimeouts(Acceleration.BOOT, boot.answerTimeout()), Acceleration.KVM);
        } catch (GuestException e) {
            VirtualMachine machine = boot(boot, Acceleration.EMULATED);
            Acceleration.hangs();
            return machine;
        }
    }

    private static VirtualMachine boot(Boot boot, String accelerator) throws IOException {
        CpioWriter files = new CpioWriter().directory("dev").device("dev/console", 5, 1)
                .file("init", AgentProgram.bytes(), true);
        Path folder = Files.createTempDirectory("bpfz-qemu");
        Files.write(folder.resolve("initramfs"), files.compressed());
        try {
            return start(boot, accelerator, folder);
        } catch (IOException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    private static VirtualMachine start(Boot boot, String accelerator, Path folder) throws IOException {
        Path socket = folder.resolve("port");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Process process = launch(boot, accelerator, folder, socket);
            Console console = new Console(process.getInputStream());
            boolean up = false;
            try {
                VirtualMachine machine = new VirtualMachine(process, folder, console, accept(server, process, console),
                        boot);
                up = true;
                return machine;
            } finally {
                if (!up) {
                    process.destroyForcibly();
                }
            }
        }
    }

    private static Process launch(Boot boot, String accelerator, Path folder, Path socket) {
        // On a busy host the emulated timers are late, which no_timer_check keeps from being a panic.
        String parameters = "console=ttyS0 panic=-1 oops=panic no_timer_check loglevel=5 " + boot.parameters();
        List<String> command = List.of(QEMU, "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
                "-machine", "pc", "-accel", accelerator, "-cpu", "max", "-m", boot.memory() + "M", "-smp",
                String.valueOf(boot.cpus()), "-kernel", boot.kernel().toString(), "-initrd",
                folder.resolve("initramfs").toString(), "-append", parameters.strip(), "-serial", "stdio", "-device",
                "virtio-serial-pci", "-chardev", "socket,id=port,path=" + socket, "-device",
                "virtserialport,chardev=port,nr=1");
        try {
            Process qemu = new ProcessBuilder(command).redirectErrorStream(true).start();
            // A guest does not outlive the process that talks to it, however that ends.
            Runtime.getRuntime().addShutdownHook(new Thread(qemu::destroyForcibly));
            return qemu;
        } catch (IOException e) {
            throw new UnavailableException("no " + QEMU + " here: apt-get install qemu-system-x86");
        }
    }

    /** QEMU connects before the guest starts; if it ends instead, its complaint is on what would be the console. */
    private static SocketChannel accept(ServerSocketChannel server, Process process, Console console)
            throws IOException {
        server.configureBlocking(false);
        try {
            while (true) {
                SocketChannel channel = server.accept();
                if (channel != null) {
                    channel.configureBlocking(true);
                    return channel;
                }
                if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                    throw new GuestException(Kind.ENDED, QEMU + ": " + console.finished().strip(), "");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while QEMU starts", e);
        }
    }

    private String hello(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length != HELLO || in.getInt() != MAGIC || in.getInt() != VERSION
                || in.getLong() != Request.ARENA_BASE
                || in.getLong() != Request.ARENA_SIZE) {
            throw new IOException("the agent's hello is not of this version");
        }
        String text = new String(bytes, in.position() + 2 * NAME, NAME, StandardCharsets.UTF_8);
        return text.substring(0, text.indexOf(0));
    }

    /** What the guest's {@code uname -r} says. */
    public String release() {
        return release;
    }

    /** What its console has shown so far. */
    public String console() {
        return console.text();
    }

    /** The first line of a console's text that tells of a defect of the kernel. */
    public static Optional<String> complaint(String console) {
        return Console.complaint(console);
    }

    /** Sends a request without waiting for what comes of it. */
    public void send(Request request) throws IOException {
        byte[] content = request.encoded();
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + content.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(content.length).put(content).flip();
        expected.add(request.answers());
        try {
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException e) {
            throw failure(Kind.ENDED, String.valueOf(e.getMessage()));
        }
    }

    /** The answers to the earliest request that has none yet. */
    public Answers receive() throws IOException {
        List<Answers.Kind> kinds = expected.remove();
        return Answers.of(next(answerTimeout, Kind.SILENT), kinds);
    }

    /** How many requests have no answer yet. */
    public int pending() {
        return expected.size();
    }

    /** Sends a request and waits for its answers; there must be no other one under way. */
    public Answers call(Request request) throws IOException {
        if (!expected.isEmpty()) {
            throw new IllegalStateException("answers to earlier requests have not been received");
        }
        send(request);
        return receive();
    }

    private byte[] next(Duration timeout, Kind late) throws IOException {
        Frame frame;
        try {
            frame = frames.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the guest", e);
        }
        return switch (frame) {
            case Frame.Data data -> data.bytes;
            case Frame.End(String reason) -> throw failure(late == Kind.NEVER_UP ? late : Kind.ENDED, reason);
            case null -> throw failure(late, "nothing from the agent within " + timeout.toSeconds() + " s");
        };
    }

    /** Gives a machine up that answers, but has something in it that does not come to an end. */
    GuestException stuck(String reason) throws IOException {
        return failure(Kind.SILENT, reason);
    }

    private GuestException failure(Kind kind, String reason) throws IOException {
        String text;
        try {
            process.waitFor(1, TimeUnit.SECONDS);
            process.destroyForcibly();
            text = console.finished();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the guest", e);
        }
        return GuestException.of(kind, reason, text);
    }

    private void read() {
        try (InputStream stream = Channels.newInputStream(channel);
                DataInputStream in = new DataInputStream(stream)) {
            while (true) {
                int length = Integer.reverseBytes(in.readInt());
                byte[] content = in.readNBytes(length);
                if (content.length != length) {
                    throw new EOFException();
                }
                frames.add(new Frame.Data(content));
            }
        } catch (EOFException _) {
            frames.add(new Frame.End("the machine has ended"));
        } catch (IOException e) {
            frames.add(new Frame.End(String.valueOf(e.getMessage())));
        }
    }

    /** Powers the guest off, and ends it where it does not. */
    @Override
    public void close() throws IOException {
        if (process.isAlive() && expected.isEmpty()) {
            Request off = new Request();
            off.call(SYS_REBOOT, 0xfee1deadL, 0x28121969L, 0x4321fedcL);
            try {
                send(off);
                process.waitFor(OFF_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        process.destroyForcibly();
        channel.close();
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
