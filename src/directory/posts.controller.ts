import { Body, Controller, Get, Inject, Param, Post, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { AgenciesService } from './agencies.service.js';
import {
  correctPostForm,
  deputyFields,
  deputyForm,
  endingFields,
  endingForm,
  newPostForm,
  postFactsOf,
  postFields,
} from './agency.form.js';
import { DeputiesService } from './deputies.service.js';
import { type AskedForm, FORM_VIEW, formPage, shown } from './field.form.js';
import { PostsService } from './posts.service.js';

type ShownForm = AskedForm & { form: FormState };

/** Pages for the posts of an agency and who stands in for them. */
@Controller('directory')
@Policy('administer')
export class PostsController {
  constructor(
    @Inject(PostsService) private readonly posts: PostsService,
    @Inject(DeputiesService) private readonly deputies: DeputiesService,
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
  ) {}

  @Get('agencies/:id/posts')
  @Render(FORM_VIEW)
  async ask(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    return { ...(await this.newForm(by, id)), form: emptyForm({ canDecide: 'yes' }) };
  }

  @Post('agencies/:id/posts')
  async add(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const post = await this.posts.add(by, id, postFactsOf(parseForm(newPostForm, body)));
        flash(req, `Post ${post.title} added`);
        return paths.agency(id);
      },
      again: async () => formPage(await this.newForm(by, id)),
    });
  }

  @Get('posts/:id')
  @Render(FORM_VIEW)
  async askCorrection(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { version, title, teamId, discipline, canDecide, functions, agencyId } = await this.posts.find(by, id);
    const form = shown({ version, title, teamId, discipline, canDecide: canDecide ? 'yes' : null, functions });
    return { ...(await this.correctionForm(by, id, agencyId)), form };
  }

  @Post('posts/:id')
  async correct(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { agencyId } = await this.posts.find(by, id);
    await submitForm(res, body, {
      change: async () => {
        const form = parseForm(correctPostForm, body);
        const post = await this.posts.correct(by, id, postFactsOf(form), form.version);
        flash(req, `Post ${post.title} corrected`);
        return paths.agency(agencyId);
      },
      again: async () => formPage(await this.correctionForm(by, id, agencyId)),
    });
  }

  @Get('posts/:id/ending')
  @Render(FORM_VIEW)
  async askEnd(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    const { version, agencyId } = await this.posts.find(by, id);
    return { ...endForm(id, agencyId), form: shown({ version }) };
  }

  @Post('posts/:id/ending')
  async end(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { agencyId } = await this.posts.find(by, id);
    await submitForm(res, body, {
      change: async () => {
        const { endedOn: on, confirmed, version } = parseForm(endingForm, body);
        await this.posts.end(by, id, { on, confirmed }, version);
        flash(req, 'Post ended');
        return paths.agency(agencyId);
      },
      again: () => formPage(endForm(id, agencyId)),
    });
  }

  @Get('posts/:id/deputies')
  @Render(FORM_VIEW)
  async askDeputy(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<ShownForm> {
    return { ...(await this.deputyForm(by, id)), form: emptyForm() };
  }

  @Post('posts/:id/deputies')
  async addDeputy(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const { agencyId } = await this.posts.find(by, id);
    await submitForm(res, body, {
      change: async () => {
        const { deputyPostId: postId, rank } = parseForm(deputyForm, body);
        await this.deputies.add(by, id, { postId, rank });
        flash(req, 'Deputy added');
        return paths.agency(agencyId);
      },
      again: async () => formPage(await this.deputyForm(by, id)),
    });
  }

  private async newForm(by: Actor, agencyId: string): Promise<AskedForm> {
    const { teams } = await this.agencies.detail(by, agencyId);
    const action = paths.agencyPart(agencyId, 'posts');
    return { title: 'Add a post', back: back(agencyId), action, submit: 'Add the post', fields: postFields(teams) };
  }

  private async correctionForm(by: Actor, id: string, agencyId: string): Promise<AskedForm> {
    const { teams } = await this.agencies.detail(by, agencyId);
    const action = paths.directoryPart('posts', id);
    return { title: 'Correct a post', back: back(agencyId), action, submit: 'Save', fields: postFields(teams) };
  }

  private async deputyForm(by: Actor, id: string): Promise<AskedForm> {
    const { agencyId, title } = await this.posts.find(by, id);
    const { posts } = await this.agencies.detail(by, agencyId);
    const others = posts.filter((post) => post.id !== id && post.endedOn === null);
    return {
      title: `Add a deputy for ${title}`,
      back: back(agencyId),
      action: `${paths.directoryPart('posts', id)}/deputies`,
      submit: 'Add the deputy',
      fields: deputyFields(others.map((post) => ({ value: post.id, text: post.title }))),
      lines: ['Whoever holds the other post is asked when the holder of this one cannot come.'],
    };
  }
}

function endForm(id: string, agencyId: string): AskedForm {
  return {
    title: 'End a post',
    back: back(agencyId),
    action: `${paths.directoryPart('posts', id)}/ending`,
    submit: 'End it',
    fields: endingFields,
    lines: ['Past meetings keep it. Whoever held it stays in the directory without it.'],
  };
}

function back(agencyId: string): AskedForm['back'] {
  return { href: paths.agency(agencyId), text: 'Back to the agency' };
}
