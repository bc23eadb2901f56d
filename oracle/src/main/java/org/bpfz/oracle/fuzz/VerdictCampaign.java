package org.bpfz.oracle.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.bpfz.oracle.qemu.Boot;
import org.bpfz.oracle.qemu.GuestBpf;
import org.bpfz.oracle.qemu.GuestBpf.Loading;
import org.bpfz.oracle.qemu.GuestException;
import org.bpfz.oracle.qemu.GuestFiles;
import org.bpfz.oracle.qemu.VirtualMachine;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.TargetType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Options.HelperNumbers;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * The verifier against that of a kernel in a virtual machine: verdict, error number, processed instructions and level-2 log. Programs are sent
 * ahead, so that both verifiers work at the same time; a guest that ends is booted again for the rest.
 */
public final class VerdictCampaign implements Campaign {
    private static final int AHEAD = 16;
    /** Programs beyond this are compared without the states in their logs, which would be tens of megabytes. */
    private static final int LONG = 20_000;
    private static final int FULL = 2;
    private static final int STATISTICS = 4;
    private static final int MOST_SHRUNK = 20;
    private static final int TRIES = 150;
    private static final String TYPES = "/sys/kernel/btf/vmlinux";

    /** Programs of objects that this kernel can not be asked about. */
    private static final String NOT_LINKED = "object programs not linked";
    /** In place of a seed: the programs of object files. */
    private static final long OBJECTS = -1;

    /** A stock kernel has neither of the two: no program calls these numbers. */
    private static final HelperNumbers NO_COMPRESSOR = new HelperNumbers(Integer.MIN_VALUE, Integer.MIN_VALUE + 1);

    private final Boot boot;
    private final Tally tally = new Tally();
    private final Coverage coverage = new Coverage();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final List<Finding> found = new ArrayList<>();
    private @Nullable VirtualMachine machine;
    private @Nullable GuestBpf guest;
    private @Nullable Btf types;

    /** A program on its way, and what our verifier says of it. */
    private record Pending(Candidate candidate, int level, Verdict ours) {}

    /** Over a kernel that is booted when it is first needed. */
    public VerdictCampaign(Boot boot) {
        this.boot = boot;
    }

    @Override
    public Profile profile(long index) {
        return Profile.VERDICTS;
    }

    @Override
    public void examine(Candidate candidate) throws IOException {
        tally.count("programs");
        coverage.add(candidate.image());
        running();
        Pending next;
        try {
            next = verified(candidate);
        } catch (RuntimeException | StackOverflowError e) {
            // A verifier that throws is what a campaign is there to find; its program is kept like any other difference.
            tally.count("DEFECT");
            found.add(new Finding(candidate, "DEFECT", "the verifier throws " + e, candidate.image()));
            return;
        }
        pending.add(next);
        send(next);
        while (pending.size() > AHEAD) {
            receive();
        }
    }

    private Pending verified(Candidate candidate) {
        Verdict verdict = verify(candidate.image(), FULL);
        int level = verdict.statistics().instructions() > LONG ? STATISTICS : FULL;
        return new Pending(candidate, level, level == FULL ? verdict : verify(candidate.image(), level));
    }

    private Verdict verify(ProgramImage image, int level) {
        return Verifier.verify(image,
                Options.privileged().withFlags(flags(image)).withLogLevel(level).withKernelBtf(types)
                        .withPossibleCpus(boot.cpus()).withHelperNumbers(NO_COMPRESSOR));
    }

    private static int flags(ProgramImage image) {
        return image.sleepable() ? Options.SLEEPABLE : 0;
    }

    /**
     * Takes all programs of some object files; what can not be linked for this kernel is counted.
     *
     * @param refused told of each program that is not compared, and why
     */
    public void examineObjects(List<Path> files, Consumer<String> refused) throws IOException {
        running();
        long index = 0;
        for (Path file : files) {
            for (ObjectPrograms.Entry entry : ObjectPrograms.of(file, types)) {
                index++;
                ProgramImage image = entry.image();
                if (image == null) {
                    tally.count(NOT_LINKED);
                    refused.accept(entry.name() + ": " + entry.why());
                } else {
                    examine(new Candidate(OBJECTS, index, Shape.OBJECT, Images.named(image, entry.name())));
                }
            }
        }
    }

    private GuestBpf running() throws IOException {
        GuestBpf known = guest;
        if (known != null) {
            return known;
        }
        VirtualMachine booted = VirtualMachine.boot(boot);
        machine = booted;
        if (types == null) {
            byte[] bytes = GuestFiles.read(booted, TYPES).orElse(null);
            types = bytes == null ? null : Btf.read(bytes, BtfRules.KERNEL);
        }
        GuestBpf fresh = new GuestBpf(booted);
        guest = fresh;
        for (Pending waiting : pending) {
            send(fresh, waiting);
        }
        return fresh;
    }

    private void send(GuestBpf to, Pending next) throws IOException {
        ProgramImage image = next.candidate.image();
        to.send(image, flags(image), next.level, attachId(image));
    }

    /** The id of what a tracing or security program is attached to, or 0. */
    private int attachId(ProgramImage image) {
        String target = image.attachTarget();
        Btf known = types;
        if (target == null || known == null) {
            return 0;
        }
        return switch (image.type()) {
            case LSM, TRACING -> TargetType.of(image.type(), image.attachType()).idIn(known, target);
            default -> 0;
        };
    }

    private void send(Pending next) throws IOException {
        try {
            send(running(), next);
        } catch (GuestException e) {
            lost(e);
        }
    }

    private void receive() throws IOException {
        try {
            Loading theirs = running().receive();
            compare(pending.remove(), theirs);
        } catch (GuestException e) {
            lost(e);
        } catch (GuestBpf.SetUpException e) {
            if (pending.remove().candidate.shape() != Shape.OBJECT) {
                throw e;
            }
            tally.count(NOT_LINKED);
        }
    }

    /** The guest has ended over the earliest program without an answer; the others are sent again. */
    private void lost(GuestException e) throws IOException {
        if (e.kind() == GuestException.Kind.NEVER_UP) {
            throw e;
        }
        Pending guilty = pending.remove();
        tally.count("GUEST");
        found.add(new Finding(guilty.candidate, "GUEST", e.kind() + ": " + e.getMessage(), guilty.candidate.image()));
        halt();
    }

    private void halt() throws IOException {
        VirtualMachine ended = machine;
        machine = null;
        guest = null;
        if (ended != null) {
            ended.close();
        }
    }

    private void compare(Pending ours, Loading theirs) {
        ProgramImage image = ours.candidate.image();
        VerdictComparison comparison = VerdictComparison.of(image, ours.ours, theirs);
        tally.count(comparison.outcome().name());
        tally.count(ours.candidate.shape() + " " + comparison.outcome());
        if (ours.level != FULL) {
            tally.count("long");
        }
        if (ours.ours instanceof Verdict.Rejected rejected) {
            coverage.count("rule " + rejected.message().replaceAll("-?(0x[0-9a-f]+|\\d+)", "N"));
        }
        if (comparison.outcome() == VerdictComparison.Outcome.BOTH_ACCEPT) {
            tally.count(comparison.sameWork() ? "same work" : "other work");
            tally.count(comparison.sameLog() ? "same log" : "other log");
        } else if (comparison.outcome() == VerdictComparison.Outcome.BOTH_REFUSE) {
            tally.count(comparison.sameErrno() ? "same errno" : "other errno");
            tally.count(comparison.sameLog() ? "refused, same log" : "refused, other log");
        }
        if (comparison.differs()) {
            found.add(new Finding(ours.candidate, comparison.kind(), comparison.explain(image, ours.ours, theirs),
                    image));
        }
    }

    @Override
    public List<Finding> finish() throws IOException {
        while (!pending.isEmpty()) {
            receive();
        }
        tally.add(coverage.counts());
        List<Finding> small = new ArrayList<>();
        for (Finding finding : found) {
            boolean shrinks = small.size() < MOST_SHRUNK && !finding.kind().equals("GUEST")
                    && !finding.kind().equals("DEFECT");
            small.add(shrinks ? shrunk(finding) : finding);
        }
        found.clear();
        return small;
    }

    private Finding shrunk(Finding finding) throws IOException {
        try {
            ProgramImage minimal = new Shrinker(image -> kind(image).equals(finding.kind()), TRIES)
                    .shrink(finding.minimal());
            Loading theirs = running().load(minimal, flags(minimal), FULL, attachId(minimal));
            Verdict ours = verify(minimal, FULL);
            return new Finding(finding.candidate(), finding.kind(),
                    VerdictComparison.of(minimal, ours, theirs).explain(minimal, ours, theirs), minimal);
        } catch (UncheckedIOException | GuestException e) {
            halt();
            return finding;
        }
    }

    /** How the verdicts on a program differ; the empty string where they do not, or where ours is none. */
    private String kind(ProgramImage image) {
        try {
            Verdict ours = verify(image, FULL);
            if (ours.statistics().instructions() > LONG) {
                return "";
            }
            Loading theirs = running().load(image, flags(image), FULL, attachId(image));
            VerdictComparison comparison = VerdictComparison.of(image, ours, theirs);
            return comparison.differs() ? comparison.kind() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            return "DEFECT";
        }
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void close() throws IOException {
        halt();
    }

    /** How many of the programs were those of objects. */
    static long objects(Tally tally) {
        return Arrays.stream(VerdictComparison.Outcome.values())
                .mapToLong(outcome -> tally.get(Shape.OBJECT + " " + outcome)).sum();
    }

    /** The figures of a tally, in lines. */
    static List<String> summary(Tally tally) {
        long both = tally.get("BOTH_ACCEPT");
        long refused = tally.get("BOTH_REFUSE");
        long lax = tally.get("LAX");
        long strict = tally.get("STRICT");
        long all = both + refused + lax + strict;
        long objects = objects(tally);
        return List.of(
                String.format(Locale.ROOT,
                        "programs of objects among them: %d (%d more not linked for this kernel); LAX %d, STRICT %d",
                        objects, tally.get(NOT_LINKED), tally.get(Shape.OBJECT + " LAX"),
                        tally.get(Shape.OBJECT + " STRICT")),
                String.format(Locale.ROOT, "verdicts equal: %s (%d accepted, %d refused); LAX %d, STRICT %d",
                        percent(both + refused, all), both, refused, lax, strict),
                "where both accept: processed instructions equal " + percent(tally.get("same work"), both)
                        + ", log equal line for line " + percent(tally.get("same log"), both),
                "where both refuse: error number equal " + percent(tally.get("same errno"), refused)
                        + ", log equal line for line " + percent(tally.get("refused, same log"), refused));
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.2f %% (%d of %d)", 100.0 * part / whole, part, whole);
    }
}
