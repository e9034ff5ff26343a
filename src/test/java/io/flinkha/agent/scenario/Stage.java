package io.flinkha.agent.scenario;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.simulation.SimApiServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays the lines of a scenario: agents {@code a}, {@code b}, JobManagers {@code jm-1} and so on,
 * one API server. Requests are answered at once unless a line says otherwise.
 */
final class Stage {
    private static final int STEP_MILLIS = 100;

    private static final Pattern PASS = Pattern.compile("(\\d+)(ms|s) pass");
    private static final Pattern AGENT =
            Pattern.compile(
                    "agent (\\w) (starts|is killed|is asked to stop|freezes|wakes|hears of the Lease)");
    private static final Pattern CUT =
            Pattern.compile("(requests|replies) of agent (\\w) (are lost|arrive again)");
    private static final Pattern JM_STARTS =
            Pattern.compile("(jm-\\w+) starts beside agent (\\w)(?: with code (\\w+))?");
    private static final Pattern JM =
            Pattern.compile(
                    "(jm-\\w+) (polls|dies|publishes|stores its plan|reserves ids"
                            + "|records checkpoint (\\d+)|ends as (\\w+))");

    final SimApiServer api = new SimApiServer();
    final List<String> said = new ArrayList<>();
    final Map<String, String> damagedPlans = new HashMap<>();
    boolean twoPods;
    private final Map<String, Actor> agents = new HashMap<>();
    private final Map<String, Player> players = new HashMap<>();
    private long millis;
    private long requests;

    /** A JobManager process. */
    private static final class Player {
        final String id;
        final Actor agent;
        long epoch;
        long reservedTo = 1;
        String job = "";

        Player(String id, Actor agent) {
            this.id = id;
            this.agent = agent;
        }
    }

    /** What follows from one line. */
    List<String> play(String line) {
        said.clear();
        boolean known =
                playTime(line) || playAgent(line) || playJobManager(line) || playPeople(line);
        if (!known) {
            throw new IllegalArgumentException("nobody knows how to play: " + line);
        }
        return List.copyOf(said);
    }

    long millis() {
        return millis;
    }

    private boolean playTime(String line) {
        Matcher pass = PASS.matcher(line);
        if (!pass.matches()) {
            return false;
        }
        long amount = Long.parseLong(pass.group(1)) * (pass.group(2).equals("s") ? 1_000 : 1);
        for (long end = millis + amount; millis < end; ) {
            millis += STEP_MILLIS;
            agents.values().stream()
                    .sorted((x, y) -> x.name.compareTo(y.name))
                    .forEach(agent -> agent.offer(new Event.Tick()));
        }
        return true;
    }

    private boolean playAgent(String line) {
        Matcher cut = CUT.matcher(line);
        if (cut.matches()) {
            Actor agent = agent(cut.group(2));
            boolean lost = cut.group(3).equals("are lost");
            if (cut.group(1).equals("requests")) {
                agent.requestsAreLost = lost;
            } else {
                agent.repliesAreLost = lost;
            }
            return true;
        }
        Matcher agent = AGENT.matcher(line);
        if (!agent.matches()) {
            return false;
        }
        Actor actor = agent(agent.group(1));
        switch (agent.group(2)) {
            case "starts" -> actor.start();
            case "is killed" -> actor.kill();
            case "freezes" -> actor.freeze();
            case "wakes" -> actor.wake();
            case "hears of the Lease" -> actor.offer(new Event.LeaseHinted());
            default -> actor.offer(new Event.StopRequested("SIGTERM"));
        }
        return true;
    }

    private Actor agent(String name) {
        return agents.computeIfAbsent(name, n -> new Actor(this, n));
    }

    private boolean playJobManager(String line) {
        Matcher starts = JM_STARTS.matcher(line);
        if (starts.matches()) {
            Player player = new Player(starts.group(1), agent(starts.group(2)));
            players.put(player.id, player);
            String code = starts.group(3) == null ? "one" : starts.group(3);
            player.agent.jobManagerStarts(player.id, code, ++requests);
            return true;
        }
        Matcher does = JM.matcher(line);
        Player player = does.matches() ? players.get(does.group(1)) : null;
        if (player == null) {
            return false;
        }
        switch (does.group(2)) {
            case "polls" -> ask(player, id -> new Event.GatePolled(id, player.id, player.epoch));
            case "dies" -> player.agent.jobManagerDies();
            case "publishes" ->
                    ask(
                            player,
                            id ->
                                    new Event.AddressesOffered(
                                            id,
                                            player.id,
                                            player.epoch,
                                            Map.of("restserver", "http://" + player.id)));
            case "stores its plan" ->
                    offer(
                            player,
                            new Change.StorePlan(
                                    player.job, "job", new PlanRef("plan-of-" + player.id, 1_000)));
            case "reserves ids" -> offer(player, new Change.ReserveIds(player.reservedTo, 32));
            default -> record(player, does.group(3), does.group(4));
        }
        return true;
    }

    private void record(Player player, String checkpoint, String end) {
        if (checkpoint != null) {
            long id = Long.parseLong(checkpoint);
            String path = "chk-" + id;
            offer(
                    player,
                    new Change.AddCheckpoint(
                            player.job, 1, new Checkpoint(id, path, path + "/_metadata", 1, 1, 1)));
        } else {
            JobResult.Status status = JobResult.Status.valueOf(end.toUpperCase(Locale.ROOT));
            offer(player, new Change.RecordResult(new JobResult(player.job, status, "", "")));
        }
    }

    private void offer(Player player, Change change) {
        ask(player, id -> new Event.ChangeOffered(id, player.id, player.epoch, change));
    }

    private void ask(Player player, LongFunction<Event> request) {
        player.agent.ask(++requests, request, reply -> told(player, reply));
    }

    private void told(Player player, Reply reply) {
        if (reply instanceof Reply.Open open) {
            player.epoch = open.epoch();
            Prose.firstId(open.start()).ifPresent(id -> player.reservedTo = id);
            player.job = Prose.job(open.start(), player.job);
        } else if (reply instanceof Reply.Reserved reserved) {
            player.reservedTo = reserved.reservedTo();
        }
        said.add("%s is told: %s".formatted(player.id, Prose.of(reply)));
    }

    private boolean playPeople(String line) {
        switch (line) {
            case "the Job has two pods" -> twoPods = true;
            case "the Lease is deleted" -> api.deleteLease();
            case "the Lease is replaced" -> api.replaceLease();
            case "the holder of the Lease is cleared" -> api.clearHolder();
            case "the manifest is deleted" -> api.deleteManifest();
            case "the manifest is rolled back" -> {
                Manifest first = api.written().getFirst();
                api.putManifest(first);
            }
            case "the manifest is put back" -> api.putManifest(api.written().getLast());
            case "the stored plan is damaged" ->
                    damagedPlans.put(plan(), "the stored plan is damaged");
            default -> {
                return false;
            }
        }
        return true;
    }

    private String plan() {
        PlanRef plan = api.stored().plan();
        return plan == null ? "none" : plan.sha256();
    }
}
