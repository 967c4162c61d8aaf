/*
 * Reads calendars from standard input, each as "<octets>\n" and its bytes, and prints one line for each: its number, then
 * when its event starts and ends in seconds since 1970, or what libical has against it. RFC 5546 says what a REQUEST or a
 * CANCEL must and must not have; icalrestriction_check knows those tables.
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static long seconds(icaltimetype time) { return (long)icaltime_as_timet_with_zone(time, time.zone); }

static void check(long number, const char *text) {
  icalcomponent *calendar = icalparser_parse_string(text);
  if (calendar == NULL) {
    printf("%ld unreadable\n", number);
    return;
  }
  int allowed = icalrestriction_check(calendar);
  int errors = icalcomponent_count_errors(calendar);
  icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
  if (event == NULL || icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT) != NULL) {
    printf("%ld not one event\n", number);
  } else if (!allowed || errors != 0) {
    printf("%ld restricted=%d errors=%d\n", number, !allowed, errors);
  } else {
    event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    printf("%ld %ld %ld\n", number, seconds(icalcomponent_get_dtstart(event)), seconds(icalcomponent_get_dtend(event)));
  }
  icalcomponent_free(calendar);
}

int main(void) {
  size_t octets;
  for (long number = 0; scanf("%zu", &octets) == 1; number += 1) {
    char *text = malloc(octets + 1);
    if (text == NULL || getchar() != '\n' || fread(text, 1, octets, stdin) != octets) return 1;
    text[octets] = '\0';
    check(number, text);
    free(text);
  }
  return 0;
}
