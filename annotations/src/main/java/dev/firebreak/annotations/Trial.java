package dev.firebreak.annotations;

/**
 * What came of trying one thing that Firebreak needs.
 *
 * @param subject what was tried, in a few words
 * @param well whether it works
 * @param told what was seen and, where it does not work, what to do
 */
public record Trial(String subject, boolean well, String told) {}
