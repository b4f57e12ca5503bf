package dev.firebreak.scheduler;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Another process at the same ledger. Obeys a line of its input, and answers with one. */
final class Rival implements AutoCloseable {
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private Rival(Process process) {
    this.process = process;
    this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Rival at(Path ledger) throws IOException {
    return new Rival(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Rival.class.getName(),
                ledger.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
  }

  String answer() throws IOException {
    return String.valueOf(answers.readLine());
  }

  /** Kills it as {@code kill -9} does. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** Takes every fire that it can get, one each hour. */
  static List<Instant> claims(FireLedger ledger, GameDayName gameDay, Instant first, int fires)
      throws LedgerException {
    List<Instant> claimed = new ArrayList<>();
    for (int i = 0; i < fires; i++) {
      Instant fire = first.plusSeconds(3600L * i);
      var claim = ledger.claim(gameDay, fire, fire);
      if (claim.isPresent()) {
        claim.get().decide(FireDecision.RUN, fire);
        claim.get().close();
        claimed.add(fire);
      }
    }
    return claimed;
  }

  public static void main(String[] args) throws IOException, LedgerException {
    FireLedger ledger = FireLedger.open(Path.of(args[0]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      GameDayName gameDay = new GameDayName(words[1]);
      switch (words[0].toLowerCase(Locale.ROOT)) {
        case "claims" ->
            out.println(
                claims(ledger, gameDay, Instant.parse(words[2]), Integer.parseInt(words[3])));
        case "claim" ->
            out.println(
                ledger
                    .claim(gameDay, Instant.parse(words[2]), Instant.parse(words[2]))
                    .isPresent());
        case "occupy" -> out.println(ledger.occupy(gameDay).isPresent());
        default -> throw new IllegalArgumentException(line);
      }
    }
  }
}
