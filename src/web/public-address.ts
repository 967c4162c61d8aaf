/*
 * Which addresses of the internet this service may connect to when somebody gives it a web address: public ones of a
 * single machine, and no other. What is left out: this machine, the network it stands in, what its provider offers to
 * machines inside, and every form in which one address is wrapped into another.
 */
import ipaddr from 'ipaddr.js';

/** Public by its number, yet a provider's own service for machines inside its network (Azure's). */
const INSIDE = ['168.63.129.16'];
/** IPv6 that is given out to the public (RFC 4291 section 2.4; IANA has opened no other). */
const GIVEN_OUT: [ipaddr.IPv6, number] = ipaddr.IPv6.parseCIDR('2000::/3');
/** The middle of an address made from an IPv4 one within a site (RFC 5214). */
const ISATAP = 0x5efe;

/** Whether an address, as a resolver writes it, is one of a single machine on the public internet. */
export function isPublic(address: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    return ipaddr.IPv4.parse(address).range() === 'unicast' && !INSIDE.includes(address);
  }
  return ipaddr.IPv6.isValid(address) && isPublicWide(ipaddr.IPv6.parse(address));
}

function isPublicWide(wide: ipaddr.IPv6): boolean {
  const [, , , , third = 0, fourth = 0] = wide.parts;
  const isWrapped = fourth === ISATAP && (third & 0xfdff) === 0;
  return wide.range() === 'unicast' && wide.match(GIVEN_OUT) && wide.zoneId === undefined && !isWrapped;
}

/** Whether a host is written as a number, in whatever form a browser understands, and not as a name. */
export function isNumeric(host: string): boolean {
  return ipaddr.isValid(host.replace(/^\[|\]$/g, ''));
}
