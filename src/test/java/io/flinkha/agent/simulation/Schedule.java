package io.flinkha.agent.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that decides what happens in a world; the same schedule is the same world.
 *
 * @param seed of clocks, and of all that is drawn on the way
 * @param salt added to the latter: another course under the same faults
 * @param loss share of messages that are lost
 * @param ambient faults that may befall each message
 */
record Schedule(
        Profile profile,
        long seed,
        long salt,
        double loss,
        Set<Fault> ambient,
        List<Strike> strikes) {

    /** True time at which the last fault is over. */
    static final long QUIET_MILLIS = 210_000;

    private static final Pattern LINE =
            Pattern.compile("(?:at|taking (\\d+) \\+) (\\d+) ms (\\w+) draw (-?\\d+)");
    private static final Pattern HEAD = Pattern.compile("(profile|seed|salt|loss|ambient) ?(.*)");
    private static final Pattern WORD = Pattern.compile("\\w+");

    Schedule {
        ambient = Set.copyOf(ambient);
        strikes = List.copyOf(strikes);
    }

    boolean calm() {
        return strikes.isEmpty() && ambient.isEmpty();
    }

    /** Every tenth world is calm. */
    static Schedule draw(Profile profile, long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + 17);
        boolean ordinary = profile.equals(Profile.ORDINARY) || profile.equals(Profile.STANDBY);
        if (ordinary && seed % 10 == 0) {
            return new Schedule(profile, seed, 0, 0, Set.of(), List.of());
        }
        if (profile.equals(Profile.FAILSAFE) || profile.equals(Profile.STANDBY_FAILSAFE)) {
            return failsafe(profile, seed, random);
        }
        if (!ordinary) {
            return targeted(profile, seed, random);
        }
        double loss = new double[] {0, 0.05, 0.3}[random.nextInt(3)];
        Set<Fault> ambient = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (fault.sort == Fault.Sort.AMBIENT && random.nextDouble() < 0.6) {
                ambient.add(fault);
            }
        }
        // In a third of the worlds the faults gather around the first start.
        long end = random.nextDouble() < 0.33 ? 40_000 : QUIET_MILLIS;
        List<Strike> strikes = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            if (fault.sort == Fault.Sort.STRIKE) {
                // A world that knows only some faults gets further with them than one that knows
                // all.
                int count = random.nextBoolean() ? 0 : 1 + random.nextInt(most(fault));
                for (int i = 0; i < count; i++) {
                    strikes.add(strike(random, 0, 1_000 + draw(random, end - 1_000), fault));
                }
            }
        }
        if (random.nextBoolean()) {
            strikeTheTaking(random, strikes);
        }
        if (profile.equals(Profile.STANDBY) && random.nextInt(3) == 0) {
            long gone = 20_000 + draw(random, 150_000);
            strikes.add(strike(random, 0, gone, Fault.STANDBY_GONE));
            long dead = gone + draw(random, 30_000);
            strikes.add(strike(random, 0, dead, Fault.JOB_MANAGER_KILLED));
        }
        return new Schedule(profile, seed, 0, loss, ambient, strikes);
    }

    private static Schedule targeted(Profile profile, long seed, Random random) {
        List<Strike> strikes = new ArrayList<>();
        Set<Fault> ambient = EnumSet.noneOf(Fault.class);
        if (profile.equals(Profile.TIGHT)) {
            ambient.add(Fault.SLOW);
            ambient.add(Fault.LOCAL_SLOW);
        }
        if (profile.equals(Profile.FIRST_START)) {
            ambient.add(Fault.SLOW);
            for (int taking = 1; taking <= 3; taking++) {
                boolean replaced = random.nextBoolean();
                Fault away = replaced ? Fault.LEASE_REPLACED : Fault.LEASE_DELETED;
                if (taking == 1 || random.nextBoolean()) {
                    strikes.add(strike(random, taking, draw(random, 800), away));
                }
                Fault still = random.nextBoolean() ? Fault.AGENT_FROZEN : Fault.AGENT_KILLED;
                strikes.add(strike(random, taking, 500 + draw(random, 4_500), still));
            }
        } else if (profile.equals(Profile.FROZEN)) {
            for (long at = 10_000; at < 190_000; at += 30_000) {
                Strike frozen = strike(random, 0, at, Fault.JOB_MANAGER_FROZEN);
                strikes.add(frozen);
                // The same draw strikes the same pod.
                long later = at + 2_000 + draw(random, 4_000);
                strikes.add(new Strike(0, later, Fault.AGENT_STOPPED, frozen.draw()));
            }
        } else if (profile.equals(Profile.LOST_MANIFEST)) {
            ambient.add(Fault.LATE_WRITE);
            loseManifests(random, strikes);
        } else if (profile.equals(Profile.PARKED)) {
            ambient.add(Fault.REQUEST_LOST);
            ambient.add(Fault.REPLY_LOST);
            ambient.add(Fault.SLOW);
            for (long at = 15_000; at < 190_000; at += 35_000) {
                Strike failed = strike(random, 0, at + draw(random, 5_000), Fault.JOB_FAILED);
                strikes.add(failed);
                List<Fault> faults = profile.strikes().stream().sorted().toList();
                for (int i = random.nextInt(3); i > 0; i--) {
                    long later = failed.atMillis() + draw(random, i == 1 ? 2_000 : 25_000);
                    strikes.add(
                            strike(random, 0, later, faults.get(random.nextInt(faults.size()))));
                }
            }
            return new Schedule(
                    profile, seed, 0, random.nextBoolean() ? 0.05 : 0, ambient, strikes);
        } else if (profile.equals(Profile.API_AWAY)) {
            strikes.add(strike(random, 0, 20_000 + draw(random, 20_000), Fault.API_AWAY));
        } else if (profile.equals(Profile.TIGHT_STORE)) {
            ambient.add(Fault.STORAGE_SLOW);
            ambient.add(Fault.LOCAL_SLOW);
            cutOff(random, strikes);
        } else if (profile.equals(Profile.LOST_NODE)) {
            ambient.add(Fault.STORAGE_SLOW);
            ambient.add(Fault.LOCAL_SLOW);
            loseNodes(random, strikes);
        } else if (profile.equals(Profile.BUDGET)) {
            useUpBudget(profile, random, strikes);
        } else {
            List<Fault> faults = profile.strikes().stream().sorted().toList();
            for (long at = 5_000; at < 200_000; at += 25_000) {
                Fault fault = faults.get(random.nextInt(faults.size()));
                strikes.add(strike(random, 0, at + draw(random, 8_000), fault));
            }
        }
        return new Schedule(profile, seed, 0, 0, ambient, strikes);
    }

    private static void loseManifests(Random random, List<Strike> strikes) {
        for (long at = 20_000; at < 160_000; at += 45_000) {
            strikes.add(strike(random, 0, at, Fault.MANIFEST_DELETED));
            long again = at + 6_000 + draw(random, 24_000);
            strikes.add(strike(random, 0, again, Fault.MANIFEST_DELETED));
            strikes.add(strike(random, 0, again + draw(random, 4_000), Fault.BOTH_KILLED));
        }
    }

    private static void cutOff(Random random, List<Strike> strikes) {
        for (long at = 15_000; at < 190_000; at += 55_000) {
            Strike cut = strike(random, 0, at + draw(random, 10_000), Fault.API_CUT);
            strikes.add(cut);
            if (random.nextDouble() < 0.4) {
                // The same draw strikes the same pod, unless another one leads by then.
                long later = cut.atMillis() + 8_000 + draw(random, 15_000);
                strikes.add(new Strike(0, later, Fault.VM_PAUSED, cut.draw()));
            }
        }
    }

    private static void useUpBudget(Profile profile, Random random, List<Strike> strikes) {
        List<Fault> faults = profile.strikes().stream().sorted().toList();
        for (long at = 10_000; at < 190_000; at += 20_000) {
            if (random.nextDouble() < 0.3) {
                strikes.add(strike(random, 0, at, Fault.PAUSED));
            }
            Fault fault = faults.get(random.nextInt(faults.size()));
            strikes.add(strike(random, 0, at + draw(random, 15_000), fault));
        }
    }

    private static void loseNodes(Random random, List<Strike> strikes) {
        for (long at = 15_000; at < 190_000; at += 60_000) {
            loseNode(random, strikes, at + draw(random, 10_000), Fault.POD_DELETED);
            loseNode(random, strikes, at + 30_000 + draw(random, 10_000), Fault.API_CUT);
        }
    }

    /** A leader that is cut off from the storage too sees no mark: it rests on its last look. */
    private static void loseNode(Random random, List<Strike> strikes, long at, Fault fault) {
        strikes.add(strike(random, 0, at, fault));
        if (random.nextDouble() < 0.7) {
            strikes.add(strike(random, 0, at + 3_000 + draw(random, 14_000), Fault.STORE_CUT));
        }
    }

    private static Schedule failsafe(Profile profile, long seed, Random random) {
        List<Strike> strikes = new ArrayList<>();
        for (Fault fault : profile.strikes().stream().sorted().toList()) {
            boolean witness = fault.sort == Fault.Sort.TARGETED || fault == Fault.STORAGE_OUTAGE;
            if (random.nextDouble() < (witness ? 0.5 : 0.3)) {
                int count = 1 + random.nextInt(fault == Fault.API_CUT ? 4 : 2);
                for (int i = 0; i < count; i++) {
                    strikes.add(strike(random, 0, 5_000 + draw(random, 195_000), fault));
                }
            }
        }
        Set<Fault> ambient = EnumSet.noneOf(Fault.class);
        for (Fault fault :
                List.of(
                        Fault.LATE_PUT,
                        Fault.STORAGE_SLOW,
                        Fault.REQUEST_LOST,
                        Fault.REPLY_LOST,
                        Fault.SLOW,
                        Fault.LATE_WRITE,
                        Fault.LOCAL_SLOW)) {
            if (random.nextBoolean()) {
                ambient.add(fault);
            }
        }
        double loss = new double[] {0, 0.05, 0.2}[random.nextInt(3)];
        return new Schedule(profile, seed, 0, loss, ambient, strikes);
    }

    private static int most(Fault fault) {
        return switch (fault) {
            case AGENT_KILLED, JOB_MANAGER_KILLED -> 6;
            case LEASE_DELETED, AGENT_STOPPED -> 4;
            case LEASE_CLEARED, AGENT_FROZEN, AGENT_FAILED, NEW_REVISION -> 3;
            case VM_PAUSED, POD_FAILED, JOB_FINISHED, JOB_CANCELED, POD_REPLACED -> 1;
            default -> 2;
        };
    }

    private static void strikeTheTaking(Random random, List<Strike> strikes) {
        Fault[] faults = {
            Fault.LEASE_DELETED,
            Fault.LEASE_REPLACED,
            Fault.LEASE_CLEARED,
            Fault.AGENT_KILLED,
            Fault.AGENT_STOPPED
        };
        for (int taking = 1; taking < 40; taking++) {
            if (random.nextDouble() < 0.4) {
                Fault fault = faults[random.nextInt(faults.length)];
                strikes.add(strike(random, taking, draw(random, 4_000), fault));
            }
        }
    }

    private static Strike strike(Random random, int taking, long at, Fault fault) {
        return new Strike(taking, at, fault, random.nextInt(1_000_000));
    }

    private static long draw(Random random, long bound) {
        return (long) (random.nextDouble() * bound);
    }

    Schedule withSalt(long newSalt) {
        return new Schedule(profile, seed, newSalt, loss, ambient, strikes);
    }

    Schedule withStrikes(List<Strike> fewer) {
        return new Schedule(profile, seed, salt, loss, ambient, fewer);
    }

    Schedule without(Fault fault) {
        Set<Fault> fewer = EnumSet.noneOf(Fault.class);
        fewer.addAll(ambient);
        fewer.remove(fault);
        return new Schedule(profile, seed, salt, loss, fewer, strikes);
    }

    /** One line each, read back by {@link #parse}. */
    String text() {
        StringBuilder text = new StringBuilder("profile " + profile.name() + "\n");
        text.append("seed ").append(seed).append("\nsalt ").append(salt);
        text.append("\nloss ").append(loss).append("\nambient");
        ambient.stream().sorted().forEach(fault -> text.append(' ').append(fault));
        text.append('\n');
        strikes.forEach(strike -> text.append(strike).append('\n'));
        return text.toString();
    }

    /** Reads what {@link #text} wrote; {@code #} begins prose. */
    static Schedule parse(List<String> lines) {
        Schedule read = new Schedule(Profile.ORDINARY, 0, 0, 0, Set.of(), List.of());
        List<Strike> strikes = new ArrayList<>();
        for (String line : lines) {
            Matcher strike = LINE.matcher(line);
            if (strike.matches()) {
                String taking = strike.group(1);
                strikes.add(
                        new Strike(
                                taking == null ? 0 : Integer.parseInt(taking),
                                Long.parseLong(strike.group(2)),
                                Fault.valueOf(strike.group(3)),
                                Long.parseLong(strike.group(4))));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                read = read.head(line);
            }
        }
        return read.withStrikes(strikes);
    }

    private Schedule head(String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.matches()) {
            throw new IllegalArgumentException("nobody knows what to do with: " + line);
        }
        String value = head.group(2);
        return switch (head.group(1)) {
            case "profile" ->
                    new Schedule(Profile.named(value), seed, salt, loss, ambient, strikes);
            case "seed" ->
                    new Schedule(profile, Long.parseLong(value), salt, loss, ambient, strikes);
            case "salt" -> withSalt(Long.parseLong(value));
            case "loss" ->
                    new Schedule(profile, seed, salt, Double.parseDouble(value), ambient, strikes);
            default -> {
                Set<Fault> faults = EnumSet.noneOf(Fault.class);
                WORD.matcher(value).results().forEach(w -> faults.add(Fault.valueOf(w.group())));
                yield new Schedule(profile, seed, salt, loss, faults, strikes);
            }
        };
    }
}
