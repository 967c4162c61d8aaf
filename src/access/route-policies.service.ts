import { Inject, Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { type PolicyName } from './policy.js';
import { POLICY } from './signed-in.guard.js';

/** One address of the service that a controller answers. */
export interface ServedRoute {
  /** `GET`, `POST`. */
  readonly method: string;
  /** With its parameters by name: `/meetings/:id/edit`. */
  readonly path: string;
  /** Undefined when nobody has said who may use it. */
  readonly policy: PolicyName | undefined;
  /** `MeetingsController.show`. */
  readonly handler: string;
}

type Controller = ReturnType<DiscoveryService['getControllers']>[number];

/** Knows every route with who may use it. A route that does not say stops the start, before anything is sent or served. */
@Injectable()
export class RoutePolicies implements OnModuleInit {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const silent = this.routes().filter(({ policy }) => policy === undefined);
    if (silent.length === 0) return;
    const named = silent.map(({ method, path, handler }) => `${method} ${path} (${handler})`).join(', ');
    throw new Error(`Say with @Policy who may use ${named}`);
  }

  /** Every route of every controller, in the order of the modules. */
  routes(): ServedRoute[] {
    return this.discovery.getControllers().flatMap((controller) => this.routesOf(controller));
  }

  private routesOf({ instance, metatype, name }: Controller): ServedRoute[] {
    if (typeof metatype !== 'function') return [];
    const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
    return this.scanner.getAllMethodNames(prototype).flatMap((method) => {
      const handler = prototype[method];
      if (handler === undefined) return [];
      const verb = this.reflector.get<RequestMethod | undefined>(METHOD_METADATA, handler);
      if (verb === undefined) return [];
      const policy = this.reflector.getAllAndOverride<PolicyName | undefined>(POLICY, [handler, metatype]);
      const starts = this.pathsIn(metatype);
      const ends = this.pathsIn(handler);
      const all = starts.flatMap((start) => ends.map((end) => joined(start, end)));
      return all.map((path) => ({ method: RequestMethod[verb], path, policy, handler: `${String(name)}.${method}` }));
    });
  }

  /** A controller or a method may answer at several addresses. */
  private pathsIn(target: Parameters<Reflector['get']>[1]): string[] {
    return [this.reflector.get<string | string[] | undefined>(PATH_METADATA, target) ?? ''].flat();
  }
}

function joined(...parts: string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}
