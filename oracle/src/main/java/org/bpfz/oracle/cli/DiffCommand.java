package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.fuzz.Campaign;
import org.bpfz.oracle.fuzz.CampaignKind;
import org.bpfz.oracle.fuzz.Candidate;
import org.bpfz.oracle.fuzz.EngineCampaign;
import org.bpfz.oracle.fuzz.Finding;
import org.bpfz.oracle.fuzz.FindingWriter;
import org.bpfz.oracle.fuzz.LiveCampaign;
import org.bpfz.oracle.fuzz.ObjectPrograms;
import org.bpfz.oracle.fuzz.ProgramGenerator;
import org.bpfz.oracle.fuzz.Shape;
import org.bpfz.oracle.fuzz.Tally;
import org.bpfz.oracle.fuzz.VerdictCampaign;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.qemu.Boot;
import org.bpfz.oracle.qemu.StockKernel;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.live.LiveKernel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code bpfz diff}: a campaign of generated programs. */
@CommandLine.Command(description = {
    "Generates programs and compares: the engines with the specification, with --against live the engines with the running kernel, with"
            + " --against kernel the verifier with that of a kernel in QEMU. Seed and index of a program say everything about it, so any campaign can be repeated, and cut into shards.",
    "Exit 1: something differs."}, sortOptions = false)
final class DiffCommand extends Command {
    private static final long DEFAULT_SECONDS = 60;
    private static final String KERNEL = "kernel";
    private static final String LIVE = "live";
    private static final int MOST_INPUTS = 1_000;

    @Option(names = "--seconds", paramLabel = "N", description = "How long; default: 60, or until --programs are done.")
    private long seconds;

    @Option(names = "--programs", paramLabel = "N", description = "How many programs; default: as many as the time allows.")
    private long programs;

    @Option(names = "--seed", paramLabel = "S", description = "Which sequence of programs. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(names = "--from", paramLabel = "INDEX", description = "Where in the sequence to begin. Default: ${DEFAULT-VALUE}.")
    private long from;

    @Option(names = "--engines", paramLabel = "NAME,...", split = ",", description = "The engines; the first is what the others are held to, unless that is the running kernel. Default: all, the specification first.")
    private List<String> engines = List.of();

    @Option(names = "--inputs", paramLabel = "N", description = "How often the engines run each program, every time with other memory. Default: ${DEFAULT-VALUE}.")
    private int inputs = EngineCampaign.INPUTS;

    @Option(names = "--against", paramLabel = "live|kernel[:BZIMAGE]", description = "live: compare what programs do with what they do on this machine's kernel (root). kernel: compare verdicts and logs with this kernel's; without an image the one that bpfz kernel fetch has fetched.")
    private @Nullable String against;

    @Option(names = "--objects", paramLabel = "PATH,...", split = ",", description = "With --against kernel: the programs of these object files and folders too; with neither --seconds nor --programs nothing else.")
    private List<Path> objects = List.of();

    @Option(names = "--shard", paramLabel = "I/N", description = "Only every Nth program, beginning with the Ith (from 0).")
    private @Nullable String shard;

    @Option(names = "--out", paramLabel = "DIR", description = "Write the tally and each difference there.")
    private @Nullable Path out;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    DiffCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        long[] part = shard();
        if (seconds < 0 || programs < 0 || from < 0) {
            throw new InputException("--seconds, --programs and --from are not negative");
        }
        if (inputs < 1 || inputs > MOST_INPUTS) {
            throw new InputException("--inputs " + inputs + ": 1 to " + MOST_INPUTS + " are meant");
        }
        List<Path> files = objectFiles();
        CampaignKind kind = kind();
        Path folder = out;
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (Campaign campaign = campaign(kind)) {
            if (campaign instanceof VerdictCampaign verdicts) {
                verdicts.examineObjects(files, line -> terminal.err().println("bpfz diff: not compared: " + line));
            }
            if (files.isEmpty() || seconds != 0 || programs != 0) {
                run(campaign, part[0], part[1]);
            }
            List<Finding> findings = campaign.finish();
            Tally tally = campaign.tally();
            tally.add(Map.of(kind.mark(), 1L));
            List<Path> written = new ArrayList<>();
            if (folder != null) {
                tally.write(folder);
                for (Finding finding : findings) {
                    written.add(FindingWriter.write(folder, finding, replay(finding)));
                }
            }
            if (json) {
                printJson(kind, tally, findings, written);
            } else {
                print(kind, tally, findings, written);
            }
            return kind.differences(tally) == 0 ? ExitCode.OK : ExitCode.NO;
        }
    }

    private CampaignKind kind() {
        String peer = against;
        if (peer == null) {
            return CampaignKind.ENGINES;
        }
        return peer.equals(LIVE) ? CampaignKind.LIVE : CampaignKind.VERDICTS;
    }

    private Campaign campaign(CampaignKind kind) throws IOException {
        return switch (kind) {
            case ENGINES -> new EngineCampaign(engines(2), inputs);
            case LIVE -> {
                String lacking = LiveKernel.unavailable();
                if (lacking != null) {
                    throw new UnavailableException("the running kernel can not be asked: " + lacking);
                }
                yield new LiveCampaign(engines(1), inputs);
            }
            case VERDICTS -> new VerdictCampaign(boot(Objects.requireNonNull(against)));
        };
    }

    private List<Path> objectFiles() throws IOException {
        if (!objects.isEmpty() && kind() != CampaignKind.VERDICTS) {
            throw new InputException("--objects are compared with a kernel: say --against kernel too");
        }
        List<Path> files = new ArrayList<>();
        for (Path path : objects) {
            if (!Files.exists(path)) {
                throw new InputException(path, "no such file or folder");
            }
            files.addAll(ObjectPrograms.files(path));
        }
        return files;
    }

    private void run(Campaign campaign, long first, long step) throws IOException {
        long limit = seconds > 0 ? seconds : programs > 0 ? Long.MAX_VALUE / 2_000_000_000L : DEFAULT_SECONDS;
        long end = System.nanoTime() + limit * 1_000_000_000L;
        Progress progress = new Progress(terminal, !json);
        long done = 0;
        for (long index = from + first; programs == 0 || index < from + programs; index += step) {
            if (System.nanoTime() - end >= 0) {
                break;
            }
            campaign.examine(new ProgramGenerator(seed, campaign.profile(index)).at(index));
            done++;
            if (progress.isDue()) {
                progress.say(done + " programs");
            }
        }
        progress.clear();
    }

    private long[] shard() {
        String text = shard;
        if (text == null) {
            return new long[]{0, 1};
        }
        if (!text.matches("\\d{1,9}/[1-9]\\d{0,8}")) {
            throw new InputException("--shard " + text + ": I/N is meant, with I from 0 to N - 1");
        }
        int slash = text.indexOf('/');
        long part = Long.parseLong(text.substring(0, slash));
        long parts = Long.parseLong(text.substring(slash + 1));
        if (part >= parts) {
            throw new InputException("--shard " + text + ": I/N is meant, with I from 0 to N - 1");
        }
        return new long[]{part, parts};
    }

    private List<Engine> engines(int least) {
        List<Engine> chosen = engines.isEmpty() ? Engines.all() : engines.stream().map(Engines::named).toList();
        if (chosen.size() < least) {
            throw new UnavailableException("two engines are needed to compare; there is " + chosen.getFirst().name());
        }
        return chosen;
    }

    private static Boot boot(String against) throws IOException {
        if (against.equals(KERNEL)) {
            return Boot.of(StockKernel.find().orElseThrow(() -> new UnavailableException(
                    "no kernel fetched yet: bpfz kernel fetch, or --against kernel:BZIMAGE")));
        }
        if (!against.startsWith(KERNEL + ":")) {
            throw new InputException("--against " + against + ": live, kernel or kernel:BZIMAGE is meant");
        }
        return Boot.of(Path.of(against.substring(KERNEL.length() + 1)));
    }

    private String replay(Finding finding) {
        Candidate candidate = finding.candidate();
        if (candidate.shape() == Shape.OBJECT) {
            return "bpfz diff --against " + against + " --objects "
                    + String.join(",", objects.stream().map(Path::toString).toList());
        }
        return "bpfz diff --seed " + seed + " --from " + candidate.index() + " --programs 1"
                + (against == null ? "" : " --against " + against)
                + (kind() != CampaignKind.VERDICTS && inputs != EngineCampaign.INPUTS ? " --inputs " + inputs : "")
                + (engines.isEmpty() ? "" : " --engines " + String.join(",", engines));
    }

    private void print(CampaignKind kind, Tally tally, List<Finding> findings, List<Path> files) {
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            String program = finding.candidate().shape() == Shape.OBJECT
                    ? finding.candidate().image().name()
                    : "program " + finding.candidate().index();
            terminal.out().println(finding.kind() + ": " + program + ", shrunk to "
                    + finding.minimal().code().size() + " slots: "
                    + (i < files.size() ? files.get(i).toString() : replay(finding)));
            finding.text().lines().limit(2).forEach(line -> terminal.out().println("  " + line));
        }
        terminal.out().println("seed " + seed + ", " + tally.get("programs") + " programs");
        kind.summary(tally).forEach(terminal.out()::println);
    }

    private void printJson(CampaignKind kind, Tally tally, List<Finding> findings, List<Path> files)
            throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("seed").value(seed).name("from").value(from);
        writer.name("against").value(against == null ? "engines" : against);
        writer.name("differences").value(kind.differences(tally));
        writer.name("findings").beginArray();
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            writer.beginObject().name("kind").value(finding.kind()).name("index").value(finding.candidate().index());
            writer.name("slots").value(finding.minimal().code().size()).name("text").value(finding.text());
            writer.name("again").value(replay(finding));
            if (i < files.size()) {
                writer.name("file").value(files.get(i).toString());
            }
            writer.endObject();
        }
        writer.endArray();
        MergeCommand.writeCounts(writer, tally);
        writer.endObject();
        Json.end(writer, terminal);
    }
}
